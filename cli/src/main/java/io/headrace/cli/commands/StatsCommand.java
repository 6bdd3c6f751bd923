package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.control.Instance;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.Counter;
import io.headrace.protocol.v1.NodeStats;
import io.headrace.protocol.v1.WatchStatsRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = "Shows a mount's counters as they change: requests, why bytes were fetched, hits, evictions.")
public final class StatsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The mount; the only one when left out.")
    private @Nullable Path directory;

    @Option(names = "--interval", paramLabel = "MS", description = "Milliseconds between two looks (default: 1000).")
    private long intervalMillis = 1000;

    @Option(names = "--count", paramLabel = "N", description = "End after so many looks (default: never).")
    private int count = Integer.MAX_VALUE;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws Exception {
        Instance instance = Instance.choose(Optional.ofNullable(directory));
        try (NodeClient client = NodeClient.connect(instance)) {
            Iterator<NodeStats> looks = client.streaming()
                    .watchStats(WatchStatsRequest.newBuilder()
                            .setIntervalMillis(intervalMillis)
                            .build());
            Map<String, Double> before = new HashMap<>();
            for (int i = 0; i < count && looks.hasNext(); i++) {
                NodeStats stats = looks.next();
                if (output == OutputFormat.JSON) {
                    System.out.println(MessageJson.of(stats));
                } else {
                    print(stats, before);
                }
            }
        }
        return ExitCode.OK.status();
    }

    private void print(NodeStats stats, Map<String, Double> before) {
        System.out.println("--- " + Amounts.time(stats.getUnixMillis()));
        for (Counter counter : stats.getCountersList()) {
            String name = counter.getName() + (counter.getTags().isEmpty() ? "" : "{" + counter.getTags() + "}");
            Double last = before.put(name, counter.getValue());
            double change = last == null ? 0 : counter.getValue() - last;
            if (counter.getValue() != 0 || change != 0) {
                System.out.printf("%-64s %,20.0f %+,16.0f%n", name, counter.getValue(), change);
            }
        }
    }
}
