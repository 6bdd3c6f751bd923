package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.store.flight.FlightBuffer;
import io.headrace.store.flight.Passenger;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fetches the absent blocks of a range, some at a time, and waits until they are kept. For one thread. */
final class Loading {
    private static final int BLOCKS_AT_ONCE = 16;

    /** Far beyond any source's own deadline: what waits longer hangs. */
    private static final long PATIENCE_MINUTES = 30;

    private final StoredFile file;
    private final ByteRange range;
    private final FetchReason reason;
    private final FetchProgress progress;
    private final Semaphore slots = new Semaphore(BLOCKS_AT_ONCE);
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    Loading(StoredFile file, ByteRange range, FetchReason reason, FetchProgress progress) {
        this.file = file;
        this.range = range;
        this.reason = reason;
        this.progress = progress;
    }

    void run() throws IOException, InterruptedException {
        int last = Blocks.indexAt(range.end() - 1);
        for (int block = Blocks.indexAt(range.offset()); block <= last && failure.get() == null; block++) {
            take(1);
            load(block);
        }
        take(BLOCKS_AT_ONCE);
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    private void load(int block) throws IOException {
        ByteRange part = range.clippedTo(Blocks.range(block, file.version().lengthBytes()));
        file.verify(block);
        if (file.isKept(block) || !file.board(block, new Waiting(block, part.length()), reason)) {
            slots.release();
            progress.advanced(0, part.length());
        }
    }

    private void take(int count) throws IOException, InterruptedException {
        if (!slots.tryAcquire(count, PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IOException("loading " + range + " of " + file.version() + " made no progress for "
                    + PATIENCE_MINUTES + " minutes; its source hangs");
        }
    }

    private final class Waiting implements Passenger {
        private final int block;
        private final long bytes;

        Waiting(int block, long bytes) {
            this.block = block;
            this.bytes = bytes;
        }

        @Override
        public int neededBytes() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean arrived(FlightBuffer buffer) {
            return false;
        }

        @Override
        public void landed(FlightBuffer buffer, boolean kept) {
            if (kept) {
                progress.advanced(bytes, 0);
            } else {
                failure.compareAndSet(null, file.insufficientSpace(block));
            }
            slots.release();
        }

        @Override
        public void failed(IOException reason) {
            failure.compareAndSet(null, reason);
            slots.release();
        }
    }
}
