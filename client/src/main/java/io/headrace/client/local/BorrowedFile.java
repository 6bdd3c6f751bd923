package io.headrace.client.local;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.unix.ReceivedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A worker's file on lease, with the blocks that it is known to have. It has uses: one of the table that it is in, one of each
 * part and of each read. With the last one its descriptor is closed, and then its end is told. Thread-safe.
 */
final class BorrowedFile {
    private final FileVersion version;
    private final int lease;
    private final ReceivedFile file;
    private final AtomicInteger uses = new AtomicInteger(1);
    private final Runnable whenEnded;
    private volatile BitSet blocks;
    private volatile long usedNanos;
    private volatile long confirmedNanos;

    /** @param blocks not changed any more */
    BorrowedFile(FileVersion version, int lease, ReceivedFile file, BitSet blocks, Runnable whenEnded) {
        this.version = version;
        this.lease = lease;
        this.file = file;
        this.blocks = blocks;
        this.whenEnded = whenEnded;
    }

    FileVersion version() {
        return version;
    }

    int lease() {
        return lease;
    }

    /** The worker said that the lease is good, and what the file has. */
    void confirm(BitSet more, long now) {
        blocks = more;
        confirmedNanos = now;
    }

    /** It was lent just now. */
    void confirmed(long now) {
        usedNanos = now;
        confirmedNanos = now;
    }

    boolean has(int block) {
        return blocks.get(block);
    }

    /** How long ago the worker said so. */
    long ageNanos(long now) {
        return now - confirmedNanos;
    }

    long idleNanos(long now) {
        return now - usedNanos;
    }

    /** The end of what is there from an offset on, whose block is there. */
    long endOf(ByteRange range) {
        int absent = blocks.nextClearBit(Blocks.indexAt(range.offset()));
        return Math.min(range.end(), (long) absent * Blocks.BLOCK_BYTES);
    }

    /** As {@link #use()}, and counts as its use at that time. */
    boolean use(long now) {
        usedNanos = now;
        return use();
    }

    /** False when the last use ended. */
    boolean use() {
        return uses.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            file.close();
            whenEnded.run();
        }
    }

    /** For who has a use. */
    int read(ByteBuffer into, long offset) throws IOException {
        return file.read(into, offset);
    }
}
