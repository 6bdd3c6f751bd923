package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps readers from a worker that fails. After {@value #FAILURES_IN_A_ROW} failures in a row nobody asks it for a pause;
 * then one probes it while the others stay away, and the pause doubles with each probe that fails, up to a bound.
 * Thread-safe.
 */
final class Breaker {
    static final int FAILURES_IN_A_ROW = 3;

    private final LongSupplier nanos;
    private final long firstPause;
    private final long mostPause;

    @GuardedBy("this")
    private int failures;

    @GuardedBy("this")
    private long pause;

    @GuardedBy("this")
    private long closedUntil;

    private Breaker(LongSupplier nanos, long firstPause, long mostPause) {
        this.nanos = nanos;
        this.firstPause = firstPause;
        this.mostPause = mostPause;
        this.pause = firstPause;
    }

    /** Of one that does not answer: the first pause is half a second, the longest 16 s. */
    static Breaker ofFailures(LongSupplier nanos) {
        return new Breaker(nanos, TimeUnit.MILLISECONDS.toNanos(500), TimeUnit.SECONDS.toNanos(16));
    }

    /** Of one that answers later than others: 5 s and a minute. */
    static Breaker ofSlowness(LongSupplier nanos) {
        return new Breaker(nanos, TimeUnit.SECONDS.toNanos(5), TimeUnit.SECONDS.toNanos(60));
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

    /** Whether most are kept away now; unlike {@link #mayAsk} nothing follows from asking. */
    synchronized boolean keepsAway() {
        return failures >= FAILURES_IN_A_ROW;
    }

    /** The worker answered, whatever it said. */
    synchronized void answered() {
        failures = 0;
        pause = firstPause;
    }

    synchronized void failed() {
        failures = Math.min(failures + 1, FAILURES_IN_A_ROW + 1);
        if (failures > FAILURES_IN_A_ROW) {
            pause = Math.min(mostPause, 2 * pause);
        }
        if (failures >= FAILURES_IN_A_ROW) {
            closedUntil = nanos.getAsLong() + pause;
        }
    }
}
