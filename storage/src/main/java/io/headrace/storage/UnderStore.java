package io.headrace.storage;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * One location at one origin: a bucket and prefix, a folder, an HDFS path, a web server's path. Thread-safe. Every call
 * has a deadline, makes one attempt (the caller retries {@link OriginException.Unavailable}) and fails with an
 * {@link OriginException}; interrupting the calling thread ends it early. No message, log line or {@code toString}
 * holds a credential.
 */
public interface UnderStore extends AutoCloseable {
    /** Where this is, without credentials, as a person would write it. */
    URI location();

    default MountId mountId() {
        return MountId.of(location());
    }

    /** What this store can do; fixed for its life. Asking for more throws {@link UnsupportedOperationException}. */
    UnderStoreCapabilities capabilities();

    /**
     * One page of the objects whose keys start with the request's prefix, in the store's own order (see
     * {@link UnderStoreCapabilities#listsInKeyOrder}). An empty location lists as an empty page; a missing one is
     * {@link OriginException.Refused}.
     */
    ListingPage list(ListingRequest request) throws IOException;

    /** The object's present status; empty only when the origin says that it does not exist. */
    Optional<ObjectStatus> head(ObjectKey key) throws IOException;

    /**
     * Opens bytes of exactly this version: the origin checks it ({@code If-Match}), or length and modification are
     * checked against the status read with the same open file. The channel yields the range's bytes as they arrive and
     * then the end; a direct buffer is filled with as few copies as the store's client allows. Closing it, from any
     * thread, ends a read that waits and gives the connection back.
     *
     * @param range inside the version's length, not empty
     * @throws OriginException.VersionChanged when the object has other content by now
     * @throws OriginException.NotFound when the object is gone
     */
    ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException;

    /** Starts writing an object, which appears whole, or not at all, when the upload is completed. */
    ObjectUpload create(ObjectKey key) throws IOException;

    /** Writes a small object whole, by one request where the origin has such. */
    default ObjectStatus put(ObjectKey key, ByteBuffer content) throws IOException {
        try (ObjectUpload upload = create(key)) {
            if (content.hasRemaining()) {
                upload.writePart(1, content);
            }
            return upload.complete();
        }
    }

    /**
     * Begins an object that several processes write. What is begun takes space until it is completed or aborted, so its key and
     * token are to be kept where they are not lost.
     *
     * @param partBytes the length of each part but the last
     */
    default SharedUpload begin(ObjectKey key, long partBytes) throws IOException {
        throw new UnsupportedOperationException(location() + " is read only");
    }

    /** An upload that was begun, here or by another process. Asks nothing of the origin. */
    default SharedUpload resume(ObjectKey key, String token) throws IOException {
        throw new UnsupportedOperationException(location() + " is read only");
    }

    /** Removes the object; an absent one is no error. */
    void delete(ObjectKey key) throws IOException;

    @Override
    void close();
}
