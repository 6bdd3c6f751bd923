package io.headrace.benchmarks.endtoend;

import java.util.Arrays;
import java.util.List;

/**
 * One measured number and what it must reach.
 *
 * @param samples one value a repetition, in the order measured
 * @param detail the figures behind it, such as rates and CPU seconds per GB
 */
public record Figure(String name, Target target, List<Double> samples, String detail) {
    public Figure {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(name + " was never measured");
        }
    }

    public double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double minimum() {
        return sorted()[0];
    }

    public double maximum() {
        return sorted()[samples.size() - 1];
    }

    public boolean reached() {
        return target.reachedBy(median());
    }

    private double[] sorted() {
        double[] sorted = samples.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /** A bound on the median. */
    public sealed interface Target {
        boolean reachedBy(double median);

        record AtLeast(double bound) implements Target {
            @Override
            public boolean reachedBy(double median) {
                return median >= bound;
            }

            @Override
            public String toString() {
                return "≥ " + bound;
            }
        }

        record AtMost(double bound) implements Target {
            @Override
            public boolean reachedBy(double median) {
                return median <= bound;
            }

            @Override
            public String toString() {
                return "≤ " + bound;
            }
        }
    }
}
