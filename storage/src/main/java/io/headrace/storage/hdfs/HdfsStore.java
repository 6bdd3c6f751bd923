package io.headrace.storage.hdfs;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.ModificationTag;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.PartwiseUpload;
import io.headrace.storage.SharedUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;

/** A folder of HDFS; a version is length, modification time (milliseconds) and file id, which HDFS never gives twice. */
final class HdfsStore implements UnderStore {
    private static final UnderStoreCapabilities CAPABILITIES =
            new UnderStoreCapabilities(false, false, true, false, true);

    private final HdfsLocation location;
    private final HdfsSession session;
    private final HdfsFailures failures;

    HdfsStore(HdfsLocation location, HdfsSession session) {
        this.location = location;
        this.session = session;
        this.failures = new HdfsFailures(location);
    }

    @Override
    public URI location() {
        return location.uri();
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        if (request.startAfter().isPresent()) {
            throw new UnsupportedOperationException("HDFS does not list behind a key");
        }
        try {
            return new HdfsListing(session.files(), location).list(request);
        } catch (IOException e) {
            throw failures.toOrigin("listing " + location.uri(), e);
        }
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) throws IOException {
        Optional<Path> path = location.path(key);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            FileStatus status = session.files().getFileStatus(path.get());
            return status.isFile() ? Optional.of(status(key, status)) : Optional.empty();
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (e instanceof ParentNotDirectoryException || isBelowFile(e)) {
                return Optional.empty();
            }
            throw failures.toOrigin("looking up " + location.describe(key), e);
        }
    }

    /** The name node's way to say that a file stands where the path needs a folder. */
    private static boolean isBelowFile(IOException failure) {
        return String.valueOf(failure.getMessage()).contains("is not a directory");
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException {
        String what = "reading " + location.describe(version.key()) + " " + range;
        Path path = location.path(version.key())
                .orElseThrow(() -> new OriginException.NotFound(what + ": HDFS has no such names"));
        try {
            FileSystem files = session.files();
            FSDataInputStream stream = files.open(path);
            return HdfsRangeChannel.begin(
                    stream,
                    range,
                    new HdfsRangeChannel.Check(what, () -> checkUnchanged(what, version, path), failures));
        } catch (IOException e) {
            throw failures.toOrigin(what, e);
        }
    }

    private void checkUnchanged(String what, FileVersion version, Path path) throws IOException {
        FileStatus now = session.files().getFileStatus(path);
        if (now.getLen() != version.lengthBytes() || !tag(now).equals(version.tag())) {
            throw new OriginException.VersionChanged(what + ": the file was replaced or appended to. Open it again");
        }
    }

    @Override
    public ObjectUpload create(ObjectKey key) throws IOException {
        return PartwiseUpload.eager(this, key, 1);
    }

    @Override
    public ObjectStatus put(ObjectKey key, ByteBuffer content) throws IOException {
        return content.hasRemaining()
                ? UnderStore.super.put(key, content)
                : HdfsUpload.begin(target(key)).completeEmpty();
    }

    @Override
    public SharedUpload begin(ObjectKey key, long partBytes) throws IOException {
        return HdfsUpload.begin(target(key));
    }

    @Override
    public SharedUpload resume(ObjectKey key, String token) throws IOException {
        return HdfsUpload.resume(target(key), token);
    }

    private HdfsUpload.Target target(ObjectKey key) throws IOException {
        Path path = location.path(key)
                .orElseThrow(() -> new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        "no file of HDFS can be called \"" + key + "\": names are UTF-8, not empty, without a colon"));
        return new HdfsUpload.Target(session.files(), path, key, failures);
    }

    @Override
    public void delete(ObjectKey key) throws IOException {
        if (head(key).isPresent()) {
            try {
                session.files().delete(location.path(key).orElseThrow(), false);
            } catch (IOException e) {
                throw failures.toOrigin("deleting " + location.describe(key), e);
            }
        }
    }

    static ObjectStatus status(ObjectKey key, FileStatus status) {
        return new ObjectStatus(key, status.getLen(), Instant.ofEpochMilli(status.getModificationTime()), tag(status));
    }

    private static ModificationTag tag(FileStatus status) {
        long fileId = status instanceof HdfsFileStatus hdfs ? hdfs.getFileId() : 0;
        return new ModificationTag(TimeUnit.MILLISECONDS.toNanos(status.getModificationTime()), fileId);
    }

    @Override
    public void close() {
        session.close();
    }

    @Override
    public String toString() {
        return location.uri().toString();
    }
}
