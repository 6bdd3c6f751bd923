package io.headrace.testing.faults;

import java.util.List;
import java.util.stream.Collectors;

/** The results of one run, in the order of the faults. */
public record FaultReport(long seed, List<FaultResult> results) {
    public FaultReport {
        results = List.copyOf(results);
    }

    /** What is not as promised; empty when all is. */
    public List<String> broken() {
        return results.stream().flatMap(result -> result.broken().stream()).toList();
    }

    public String table() {
        return results.stream()
                .map(FaultResult::row)
                .collect(Collectors.joining("\n", "seed " + seed + "\n" + FaultResult.heading() + "\n", "\n"));
    }

    String json() {
        return results.stream()
                .map(FaultResult::json)
                .collect(Collectors.joining(",\n", "{\"seed\":" + seed + ",\"faults\":[\n", "\n]}\n"));
    }
}
