package io.headrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginTrouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What reads have learned of an origin. Keeps Headrace from hammering one that is in trouble, across all its readers.
 *
 * <p>Retries come out of a budget: {@value #BUDGET} at once, refilled by two a second and by a fifth for each request
 * that was answered, so that they stay a small part of the traffic. After {@value #FAILURES_IN_A_ROW} failures without an
 * answer between them the origin counts as failing: then one request at a time probes it, at intervals that double from
 * half a second to eight, and the others wait for its outcome.
 */
final class OriginHealth {
    static final int BUDGET = 20;
    static final int FAILURES_IN_A_ROW = 8;

    private static final double REFILL_PER_NANO = 2e-9;
    private static final double REFILL_PER_ANSWER = 0.2;
    private static final long FIRST_PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MOST_PROBE_NANOS = TimeUnit.SECONDS.toNanos(8);

    /** A waiting request looks this often whether another's probe was answered. */
    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FetchClock clock;

    @GuardedBy("this")
    private int failuresInARow;

    @GuardedBy("this")
    private long probeInterval = FIRST_PROBE_NANOS;

    @GuardedBy("this")
    private long nextProbeAt;

    @GuardedBy("this")
    private double retriesLeft = BUDGET;

    @GuardedBy("this")
    private long refilledAt;

    @GuardedBy("this")
    private Optional<OriginException> trouble = Optional.empty();

    @GuardedBy("this")
    private long troubleAt;

    OriginHealth(FetchClock clock) {
        this.clock = clock;
        this.refilledAt = clock.nanos();
    }

    /** Nanoseconds to wait before asking again; 0 when the request may go now, which this call then counts. */
    synchronized long delayBeforeRequest(boolean isRetry) {
        long now = clock.nanos();
        if (isFailing()) {
            if (nextProbeAt - now > 0) {
                return Math.min(RECHECK_NANOS, nextProbeAt - now);
            }
            nextProbeAt = now + probeInterval;
            return 0;
        }
        if (!isRetry) {
            return 0;
        }
        retriesLeft = Math.min(BUDGET, retriesLeft + (now - refilledAt) * REFILL_PER_NANO);
        refilledAt = now;
        if (retriesLeft < 1) {
            return 1 + (long) ((1 - retriesLeft) / REFILL_PER_NANO);
        }
        retriesLeft--;
        return 0;
    }

    /** The origin sent bytes, or said no for good: either way it works. */
    synchronized void answered() {
        trouble = Optional.empty();
        failuresInARow = 0;
        probeInterval = FIRST_PROBE_NANOS;
        retriesLeft = Math.min(BUDGET, retriesLeft + REFILL_PER_ANSWER);
    }

    /** It answered, and what it said is trouble nevertheless, until it answers otherwise. */
    synchronized void refused(OriginException.Refused refusal) {
        answered();
        remember(refusal);
    }

    synchronized void failed(OriginException.Unavailable failure) {
        remember(failure);
        if (isFailing()) {
            probeInterval = Math.min(MOST_PROBE_NANOS, probeInterval * 2);
        }
        failuresInARow++;
        long quiet = Math.max(
                probeInterval, failure.retryAfter().orElse(Duration.ZERO).toNanos());
        nextProbeAt = clock.nanos() + Math.min(MOST_PROBE_NANOS, quiet);
    }

    synchronized boolean isFailing() {
        return failuresInARow >= FAILURES_IN_A_ROW;
    }

    /** What the newest request failed with; empty when it was answered. */
    synchronized Optional<OriginTrouble> trouble(Instant now) {
        long ageNanos = clock.nanos() - troubleAt;
        return trouble.map(failure -> OriginTrouble.of(failure, now.minusNanos(ageNanos)));
    }

    @GuardedBy("this")
    private void remember(OriginException failure) {
        trouble = Optional.of(failure);
        troubleAt = clock.nanos();
    }
}
