package io.headrace.cli.bench;

import java.nio.file.Path;

/** What one pattern gave. */
record BenchResult(Pattern pattern, Path path, long bytes, double seconds, Latencies latencies) {
    double bytesPerSecond() {
        return bytes / seconds;
    }

    double readsPerSecond() {
        return latencies.count() / seconds;
    }

    double quantileMicros(double share) {
        return latencies.quantileNanos(share) / 1e3;
    }
}
