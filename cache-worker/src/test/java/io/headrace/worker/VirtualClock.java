package io.headrace.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that jumps over waits: a thread that parks for a time finds itself at its end. With
 * {@link #standingStill} it moves only by {@link #advance}.
 */
final class VirtualClock implements FetchClock {
    private static final long LOOK_AGAIN_NANOS = 200_000;

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final boolean jumps;

    private VirtualClock(boolean jumps) {
        this.jumps = jumps;
    }

    static VirtualClock jumping() {
        return new VirtualClock(true);
    }

    static VirtualClock standingStill() {
        return new VirtualClock(false);
    }

    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void park(Object blocker, long forNanos) {
        if (jumps
                && blocker instanceof Patience
                && forNanos < Duration.ofDays(1).toNanos()) {
            nanos.addAndGet(forNanos);
        } else {
            LockSupport.parkNanos(blocker, LOOK_AGAIN_NANOS);
        }
    }
}
