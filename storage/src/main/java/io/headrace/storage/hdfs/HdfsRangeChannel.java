package io.headrace.storage.hdfs;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A range of a file, read straight into the caller's buffer. The file's status is checked after it was opened, and again
 * before the last bytes are handed out: blocks are never written over, so what lies between is of one version.
 */
final class HdfsRangeChannel extends AbstractInterruptibleChannel implements ReadableByteChannel {
    /** @param unchanged throws when the file is not the version that was asked for */
    record Check(String what, Unchanged unchanged, HdfsFailures failures) {}

    @FunctionalInterface
    interface Unchanged {
        void check() throws IOException;
    }

    private final FSDataInputStream stream;
    private final Check check;
    private final long length;
    private long remaining;

    private HdfsRangeChannel(FSDataInputStream stream, long length, Check check) {
        this.stream = stream;
        this.check = check;
        this.length = length;
        this.remaining = length;
    }

    /** Takes over the stream, which is closed with the channel, or here when this fails. */
    static HdfsRangeChannel begin(FSDataInputStream stream, ByteRange range, Check check) throws IOException {
        try {
            check.unchanged.check();
            stream.seek(range.offset());
            return new HdfsRangeChannel(stream, range.length(), check);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (remaining == 0) {
            return -1;
        }
        int start = target.position();
        int limit = target.limit();
        int count = -1;
        boolean completed = false;
        target.limit(start + (int) Math.min(target.remaining(), remaining));
        try {
            begin();
            count = stream.read(target);
            if (count == remaining) {
                check.unchanged.check();
            }
            completed = true;
        } catch (IOException e) {
            target.position(start);
            if (isOpen()) {
                throw check.failures.toOrigin(check.what, e);
            }
        } finally {
            target.limit(limit);
            end(completed);
        }
        if (count < 0) {
            throw new OriginException.Unavailable(check.what + ": the file ended after " + (length - remaining) + " of "
                    + length + " bytes. It may be tried again");
        }
        remaining -= count;
        return count;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        stream.close();
    }
}
