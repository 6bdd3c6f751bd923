package io.headrace.cli.demo;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** A byte rate shared by all who take from it. Thread-safe. */
final class Throttle {
    /** What may be caught up after nobody took; short, so that a rate measured over a second is the stated one. */
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final double nanosPerByte;
    private long freeAt = System.nanoTime();

    Throttle(long bytesPerSecond) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
    }

    void take(int bytes) throws InterruptedIOException {
        long wait = reserve(bytes) - System.nanoTime();
        try {
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for the stated rate");
        }
    }

    private synchronized long reserve(int bytes) {
        freeAt = Math.max(freeAt, System.nanoTime() - CATCH_UP_NANOS) + (long) (bytes * nanosPerByte);
        return freeAt;
    }
}
