package io.headrace.worker.drain;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteSize;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Spreads bytes over time: each caller waits until those before it are paid for. Thread-safe. */
final class Pace {
    private final ByteSize perSecond;
    private final LongSupplier nanoTime;

    @GuardedBy("this")
    private long freeAt;

    /** @param perSecond 0 for no limit */
    Pace(ByteSize perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        freeAt = nanoTime.getAsLong();
    }

    void await(long bytes) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(book(bytes));
    }

    /** Takes the next place in line; how long until it comes. */
    synchronized long book(long bytes) {
        if (perSecond.bytes() == 0) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long wait = Math.max(0, freeAt - now);
        freeAt = now + wait + (long) (1e9 * bytes / perSecond.bytes());
        return wait;
    }
}
