package io.headrace.cli.bench;

import java.time.Duration;

/**
 * How long each pattern reads: until one of the limits is met or, but for random reads, all is read once.
 *
 * @param mostBytes all threads together
 */
record BenchPlan(int threads, long mostBytes, Duration most, long seed) {
    private static final int MOST_THREADS = 256;
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final long WARM_UP_BYTES = 256 << 20;

    BenchPlan {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("--threads is 1 to " + MOST_THREADS + ", not " + threads);
        }
        if (mostBytes < 1 || most.isZero()) {
            throw new IllegalArgumentException("--size and --duration are more than 0");
        }
    }

    /** The same threads, for a moment. */
    BenchPlan warmUp() {
        return new BenchPlan(threads, WARM_UP_BYTES, WARM_UP, seed);
    }
}
