package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps readers from a worker that fails. After {@value #FAILURES_IN_A_ROW} failures in a row nobody asks it for half a
 * second; then one probes it while the others stay away, and the time doubles with each probe that fails, up to 16 s.
 * Thread-safe.
 */
final class Breaker {
    static final int FAILURES_IN_A_ROW = 3;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(16);

    private final LongSupplier nanos;

    @GuardedBy("this")
    private int failures;

    @GuardedBy("this")
    private long pause = FIRST_PAUSE_NANOS;

    @GuardedBy("this")
    private long closedUntil;

    Breaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether one may ask now; the outcome is to be told, or another may probe when the pause is over once more. */
    synchronized boolean mayAsk() {
        if (failures < FAILURES_IN_A_ROW) {
            return true;
        }
        long now = nanos.getAsLong();
        if (now - closedUntil < 0) {
            return false;
        }
        closedUntil = now + pause;
        return true;
    }

    /** The worker answered, whatever it said. */
    synchronized void answered() {
        failures = 0;
        pause = FIRST_PAUSE_NANOS;
    }

    synchronized void failed() {
        failures = Math.min(failures + 1, FAILURES_IN_A_ROW + 1);
        if (failures > FAILURES_IN_A_ROW) {
            pause = Math.min(MOST_PAUSE_NANOS, 2 * pause);
        }
        if (failures >= FAILURES_IN_A_ROW) {
            closedUntil = nanos.getAsLong() + pause;
        }
    }
}
