package io.headrace.benchmarks.endtoend;

import java.lang.management.ManagementFactory;

/** Wall and CPU time of the calling thread. */
final class Stopwatch {
    private final long startedNanos = System.nanoTime();
    private final long cpuNanos = threadCpuNanos();

    private Stopwatch() {}

    static Stopwatch start() {
        return new Stopwatch();
    }

    Timing stop(long bytes) {
        return new Timing(bytes, (System.nanoTime() - startedNanos) / 1e9, (threadCpuNanos() - cpuNanos) / 1e9);
    }

    private static long threadCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
