package io.headrace.client.sdk;

import io.headrace.protocol.FileVersion;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One version of a file of a cluster. Thread-safe; needs no closing, and reads until its {@link Headrace} is closed. Its bytes
 * are those of the version that was opened, or an exception: an object that was replaced at the origin meanwhile and is not in the
 * cache any more is an {@link io.headrace.protocol.OriginException.VersionChanged}.
 */
public final class RemoteFile {
    private final FileVersion version;
    private final GatheredReads reads;

    RemoteFile(FileVersion version, GatheredReads reads) {
        this.version = version;
        this.reads = reads;
    }

    public FileVersion version() {
        return version;
    }

    public long lengthBytes() {
        return version.lengthBytes();
    }

    /**
     * Reads until the buffer is full or the file ends. More than 1 MiB is read from several workers, or by several connections to
     * one, at a time. Direct buffers are filled by the socket; others cost a copy.
     *
     * @param position from the start of the file, 0 or more
     * @return how many bytes were read; -1 when the position is at the end of the file or behind it
     * @throws io.headrace.protocol.OriginException when no worker brought them, and why; the buffer's position is as it was
     */
    public int read(long position, ByteBuffer into) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("a file has no position " + position);
        }
        long left = lengthBytes() - position;
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(left, into.remaining());
        if (count > 0) {
            reads.fill(version, position, into.slice(into.position(), count));
            into.position(into.position() + count);
        }
        return count;
    }

    @Override
    public String toString() {
        return version.toString();
    }
}
