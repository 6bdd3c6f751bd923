package io.headrace.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Lets bytes pass at a rate: a token bucket of 10 ms. Thread-safe; those who wait are served in turn. */
public final class ByteRate {
    private static final long BURST_NANOS = Duration.ofMillis(10).toNanos();
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    /** Of {@link System#nanoTime}: when the bytes that passed so far are paid for. */
    private final AtomicLong paid = new AtomicLong(System.nanoTime());

    /**
     * Waits until {@code bytes} may pass; ends early when the thread is interrupted.
     *
     * @param bytesPerSecond the rate now; 0 for no limit
     */
    public void pass(long bytes, long bytesPerSecond) {
        if (bytesPerSecond == 0) {
            return;
        }
        long cost = Math.multiplyExact(bytes, SECOND_NANOS) / bytesPerSecond;
        long now = System.nanoTime();
        long until = paid.updateAndGet(before -> Math.max(before, now - BURST_NANOS) + cost);
        for (long wait = until - now; wait > 0 && !Thread.currentThread().isInterrupted(); ) {
            LockSupport.parkNanos(wait);
            wait = until - System.nanoTime();
        }
    }
}
