package io.headrace.store.flight;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what was fetched, beside the fetch threads: while a disk takes one block, the source brings the next. Blocks that
 * wait here hold buffers of the flights' budget; beyond a short queue the fetch thread keeps its block itself, so what
 * waits is bounded and a fast source is not held up by too few threads here. Thread-safe.
 */
final class Landings {
    /** A file's writes go one after the other in the kernel (the inode's lock): one thread for each of two tiers. */
    private static final int THREADS = 2;

    private static final int MOST_WAITING = 8;

    /** A small block is kept sooner than it is handed over. */
    private static final long HANDED_OVER_FROM_BYTES = 1 << 20;

    private final ThreadPoolExecutor keepers;

    Landings() {
        RejectedExecutionHandler here = (landing, _) -> landing.run();
        keepers = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("headrace-keep-", 0).daemon().factory(),
                here);
    }

    /** Keeps a block whose bytes are all in the flight's buffer, and ends the flight, now or soon. */
    void land(Flight flight, MemorySegment block, int crc) {
        if (block.byteSize() < HANDED_OVER_FROM_BYTES) {
            keep(flight, block, crc);
        } else {
            keepers.execute(() -> keep(flight, block, crc));
        }
    }

    /** Ends when all that was handed over is kept; false when that took longer. */
    boolean close(Duration patience) throws InterruptedException {
        keepers.shutdown();
        return keepers.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void keep(Flight flight, MemorySegment block, int crc) {
        try {
            flight.land(flight.plan().keep(block, crc));
        } catch (Throwable failure) {
            flight.fail(FlightScheduler.asIOException(flight, failure));
        }
    }
}
