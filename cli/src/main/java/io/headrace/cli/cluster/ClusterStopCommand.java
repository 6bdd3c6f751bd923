package io.headrace.cli.cluster;

import io.headrace.cli.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Ends the cluster's processes. What is cached stays, and is there after the next start.")
final class ClusterStopCommand implements Callable<Integer> {
    @Option(names = "--directory", paramLabel = "DIR", description = "The cluster's folder, as given to start.")
    private @Nullable Path directory;

    @Override
    public Integer call() throws Exception {
        LocalCluster cluster = LocalCluster.in(directory);
        if (cluster.processes().isEmpty()) {
            System.out.println("No cluster runs in " + cluster.directory() + ".");
            return ExitCode.OK.status();
        }
        List<String> killed = cluster.stop();
        if (!killed.isEmpty()) {
            System.err.println("headrace: did not end by themselves and were killed: " + String.join(", ", killed)
                    + "; their logs are in " + cluster.directory().resolve("logs"));
            return ExitCode.INCOMPLETE.status();
        }
        System.out.println("The cluster in " + cluster.directory() + " is stopped.");
        return ExitCode.OK.status();
    }
}
