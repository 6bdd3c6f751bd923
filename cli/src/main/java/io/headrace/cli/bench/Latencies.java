package io.headrace.cli.bench;

/** Durations by how long they were, in classes an eighth of a power of two wide. For one thread at a time. */
final class Latencies {
    private static final int PARTS = 8;
    private static final int PART_BITS = 3;

    private final long[] counts = new long[Long.SIZE * PARTS];
    private long total;

    void add(long nanos) {
        counts[classOf(Math.max(0, nanos))]++;
        total++;
    }

    void addAll(Latencies others) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += others.counts[i];
        }
        total += others.total;
    }

    long count() {
        return total;
    }

    /** What this share of the durations does not exceed, to a sixteenth; 0 when there is none. */
    long quantileNanos(double share) {
        long wanted = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return (least(i) + least(i + 1)) / 2;
            }
        }
        return 0;
    }

    private static int classOf(long nanos) {
        if (nanos < PARTS) {
            return (int) nanos;
        }
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        return (power - PART_BITS + 1) * PARTS + (int) (nanos >>> (power - PART_BITS)) - PARTS;
    }

    private static long least(int index) {
        if (index < PARTS) {
            return index;
        }
        return (long) (PARTS + index % PARTS) << (index / PARTS - 1);
    }
}
