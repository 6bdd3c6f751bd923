package io.headrace.worker;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One read's waiting: parks its thread until what it waits for is there, until its end, or until the read is given up
 * by a close or an interrupt. Waiting belongs to the reading thread; {@link #giveUp} to any.
 */
final class Patience {
    private final FetchClock clock;
    private volatile boolean givenUp;
    private volatile @Nullable Thread waiter;

    Patience(FetchClock clock) {
        this.clock = clock;
    }

    /**
     * Waits until {@code delay} says 0.
     *
     * @param delay nanoseconds after which to ask again, asked after each wake-up; {@link Long#MAX_VALUE} when somebody
     *     will unpark the thread
     * @param until when to stop, on the clock
     * @return whether it came in time
     * @throws AbandonedException when the read was given up
     */
    boolean await(LongSupplier delay, long until) throws AbandonedException {
        waiter = Thread.currentThread();
        while (true) {
            if (isAbandoned()) {
                throw new AbandonedException();
            }
            long wait = delay.getAsLong();
            if (wait <= 0) {
                return true;
            }
            long left = until - clock.nanos();
            if (left <= 0) {
                return false;
            }
            clock.park(this, Math.min(wait, left));
        }
    }

    /** Waits for this long, and not past {@code until}. */
    void pause(long nanos, long until) throws AbandonedException {
        long end = clock.nanos() + nanos;
        await(() -> end - clock.nanos(), until);
    }

    boolean isAbandoned() {
        return givenUp || Thread.currentThread().isInterrupted();
    }

    void giveUp() {
        givenUp = true;
        LockSupport.unpark(waiter);
    }

    /** Nobody wants the bytes any more; becomes a closed-channel exception for the reader. */
    static final class AbandonedException extends IOException {
        AbandonedException() {
            super("the read was given up");
        }
    }
}
