package io.headrace.protocol;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before one tries again: at random up to a bound that doubles with each failure in a row, so that many
 * who lost the same server do not come back together (Brooker, <i>Exponential Backoff and Jitter</i>, 2015: full jitter).
 *
 * @param first the bound after one failure
 * @param most the greatest bound
 */
public record Backoff(Duration first, Duration most) {
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (!first.isPositive() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("cannot wait from " + first + " to " + most);
        }
    }

    /** @param failures how many there were in a row, at least 1 */
    public Duration pause(int failures, RandomGenerator random) {
        long doublings = Math.clamp(failures - 1L, 0, MOST_DOUBLINGS);
        long bound = most.toMillis() >> doublings < first.toMillis() ? most.toMillis() : first.toMillis() << doublings;
        return Duration.ofMillis(random.nextLong(Math.max(1, bound) + 1));
    }
}
