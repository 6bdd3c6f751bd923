package io.headrace.client.local;

import io.headrace.protocol.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A part of a range that a worker of this machine has, read by its file's descriptor. For one thread; any may close it. */
public final class LocalPart implements AutoCloseable {
    private final LocalWorker worker;
    private final BorrowedFile file;
    private final long end;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long position;

    /** Takes over a use of the file. */
    LocalPart(LocalWorker worker, BorrowedFile file, ByteRange part) {
        this.worker = worker;
        this.file = file;
        this.position = part.offset();
        this.end = part.end();
    }

    /** Where it ends in the file. */
    public long end() {
        return end;
    }

    /** As messages call it. */
    public String name() {
        return "the store of " + worker.id() + " on this machine";
    }

    /** Reads the next bytes, at least one; -1 behind the last. */
    public int read(ByteBuffer into) throws IOException {
        if (position == end) {
            return -1;
        }
        if (closed.get() || !file.use()) {
            throw new ClosedChannelException();
        }
        int limit = into.limit();
        try {
            into.limit((int) Math.min(limit, into.position() + (end - position)));
            int count = file.read(into, position);
            if (count == 0) {
                throw new EOFException(name() + " has less than it said of " + file.version()
                        + ": its file was cut short at " + position);
            }
            position += count;
            worker.tally().read(count);
            return count;
        } finally {
            into.limit(limit);
            file.release();
        }
    }

    /** A read failed: the file is not used any more, and its version not asked for here for a while. */
    public void failed() {
        worker.spoilt(file);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.release();
        }
    }
}
