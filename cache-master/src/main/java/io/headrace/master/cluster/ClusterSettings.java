package io.headrace.master.cluster;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** How a master keeps its members. */
public record ClusterSettings(
        @Setting(value = "How often a worker says that it lives.", defaultValue = "1s")
        Duration heartbeat,

        @Setting(
                value = "A worker silent for so long is suspect: it keeps its blocks, and readers who have another"
                        + " choice take that.",
                defaultValue = "3s")
        Duration suspectAfter,

        @Setting(
                value = "A worker silent for so long is no member any more, and others own its blocks.",
                defaultValue = "60s")
        Duration removeAfter,

        @Setting(value = "Most workers; more are refused.", defaultValue = "4096")
        int mostWorkers,

        @Setting(value = "Most processes that follow the view; more are refused.", defaultValue = "20000")
        int mostWatchers,

        @Setting(
                value = "Earlier placements that are remembered: where a worker looks for a block before it asks the"
                        + " origin. 0 to 16.",
                defaultValue = "3")
        int earlierViews) {
    private static final Duration SHORTEST = Duration.ofMillis(50);

    public ClusterSettings {
        if (heartbeat.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("cluster.heartbeat is at least 50ms: " + heartbeat);
        }
        if (suspectAfter.compareTo(heartbeat.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("cluster.suspect-after is at least twice cluster.heartbeat, so that one"
                    + " lost message suspects nobody: " + suspectAfter + " and " + heartbeat);
        }
        if (removeAfter.compareTo(suspectAfter) <= 0) {
            throw new IllegalArgumentException("cluster.remove-after is longer than cluster.suspect-after: "
                    + removeAfter + " and " + suspectAfter);
        }
        if (mostWorkers < 1 || mostWatchers < 1) {
            throw new IllegalArgumentException("cluster.most-workers and cluster.most-watchers are at least 1: "
                    + mostWorkers + " and " + mostWatchers);
        }
        if (earlierViews < 0 || earlierViews > 16) {
            throw new IllegalArgumentException("cluster.earlier-views is 0 to 16: " + earlierViews);
        }
    }

    public static ClusterSettings defaults() {
        return new ClusterSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60), 4096, 20_000, 3);
    }
}
