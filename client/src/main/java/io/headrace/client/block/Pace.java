package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * How long a worker takes until its first bytes: a histogram of half octaves from 65 µs on, whose counts are halved whenever
 * they come to {@value #MOST}, so that it forgets. Thread-safe.
 */
final class Pace {
    /** Of fewer answers nothing is said. */
    static final int ENOUGH = 20;

    private static final int MOST = 512;
    private static final int LEAST_EXPONENT = 16;

    /** Up to 68 s. */
    private static final int BUCKETS = 40;

    @GuardedBy("this")
    private final int[] counts = new int[BUCKETS];

    @GuardedBy("this")
    private int total;

    synchronized void took(long nanos) {
        counts[bucket(nanos)]++;
        if (++total >= MOST) {
            for (int i = 0; i < BUCKETS; i++) {
                counts[i] /= 2;
            }
            total = IntStream.of(counts).sum();
        }
    }

    /** What 95 of 100 answers did not exceed, in nanoseconds, to a half octave. */
    synchronized OptionalLong usualMost() {
        if (total < ENOUGH) {
            return OptionalLong.empty();
        }
        int beyond = total / 20;
        int at = BUCKETS - 1;
        for (int seen = counts[at]; seen <= beyond && at > 0; seen += counts[at]) {
            at--;
        }
        return OptionalLong.of(end(at));
    }

    /** Two for each power of two: up to one and a half of it, and up to the next. */
    private static int bucket(long nanos) {
        long clamped = Math.max(1L << LEAST_EXPONENT, nanos);
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(clamped);
        int half = (int) (clamped >>> (exponent - 1)) & 1;
        return Math.min(BUCKETS - 1, 2 * (exponent - LEAST_EXPONENT) + half);
    }

    private static long end(int bucket) {
        long power = 1L << (bucket / 2 + LEAST_EXPONENT);
        return bucket % 2 == 0 ? power + power / 2 : 2 * power;
    }
}
