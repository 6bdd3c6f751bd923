package io.headrace.worker.job;

import java.util.concurrent.TimeUnit;

/** Holds one task to its part of a job's rate: a pause after each piece, so that it is on time again. Of one thread. */
final class Pace {
    private final long bytesPerSecond;
    private final long begun = System.nanoTime();
    private long bytes;

    /** @param bytesPerSecond 0 for no limit */
    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    void took(long more) throws InterruptedException {
        bytes += more;
        if (bytesPerSecond > 0) {
            long due = (long) (bytes * (1e9 / bytesPerSecond));
            long early = due - (System.nanoTime() - begun);
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
        }
    }
}
