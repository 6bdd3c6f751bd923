package io.headrace.cli.bench;

import io.headrace.cli.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What all patterns gave, for a terminal and for programs. */
record BenchReport(BenchPlan plan, Path path, List<BenchResult> results) {
    private static final double MEDIAN = 0.5;
    private static final double NEARLY_ALL = 0.99;

    BenchReport {
        results = List.copyOf(results);
    }

    String asText() {
        StringBuilder text = new StringBuilder("  %-10s %9s %12s %11s %11s %11s %9s%n"
                .formatted("pattern", "seconds", "MB/s", "reads/s", "median us", "99 % us", compares() ? "times" : ""));
        for (BenchResult result : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-10s %9.2f %12.1f %11.0f %11.1f %11.1f %9s  %s%n",
                    result.pattern(),
                    result.seconds(),
                    result.bytesPerSecond() / 1e6,
                    result.readsPerSecond(),
                    result.quantileMicros(MEDIAN),
                    result.quantileMicros(NEARLY_ALL),
                    times(result)
                            .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                            .orElse(""),
                    result.path()));
        }
        return text.toString();
    }

    String asJson() {
        String rows = results.stream().map(this::json).collect(Collectors.joining(",\n"));
        return "{\"path\": %s, \"threads\": %d, \"seed\": %d, \"results\": [\n%s\n]}\n"
                .formatted(JsonText.quoted(path.toString()), plan.threads(), plan.seed(), rows);
    }

    private String json(BenchResult result) {
        return String.format(
                Locale.ROOT,
                "  {\"pattern\": \"%s\", \"path\": %s, \"bytes\": %d, \"reads\": %d, \"seconds\": %.6f, "
                        + "\"bytesPerSecond\": %.0f, \"readsPerSecond\": %.1f, \"medianMicros\": %.3f, \"p99Micros\": %.3f}",
                result.pattern(),
                JsonText.quoted(result.path().toString()),
                result.bytes(),
                result.latencies().count(),
                result.seconds(),
                result.bytesPerSecond(),
                result.readsPerSecond(),
                result.quantileMicros(MEDIAN),
                result.quantileMicros(NEARLY_ALL));
    }

    private boolean compares() {
        return results.stream().anyMatch(result -> times(result).isPresent());
    }

    /** How many times as fast as what it is compared with; for the path itself, where there is such. */
    private Optional<Double> times(BenchResult result) {
        if (!result.path().equals(path)) {
            return Optional.empty();
        }
        return results.stream()
                .filter(other ->
                        other.pattern() == result.pattern() && !other.path().equals(path))
                .findFirst()
                .map(other -> result.bytesPerSecond() / other.bytesPerSecond());
    }
}
