package io.headrace.cli.jobs;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.LoadSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The part of {@code headrace load} that makes a job of a cluster. */
public final class ClusterLoad {
    @Option(
            names = "--master",
            paramLabel = "HOST:PORT,...",
            description = "Make it a job of this cluster; PATH is then NAME or NAME/PATH, with a data set's name.")
    private @Nullable String master;

    @Option(names = "--wait", description = "With --master: wait for the job's end. Ctrl-C leaves it running.")
    private boolean wait;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "With --master: how many owners of a block get it (default: 1).")
    private int replicas = 1;

    @Option(
            names = "--zone",
            paramLabel = "NAME",
            description = "With --master: only owners in this zone; may be repeated.")
    private List<String> zones = new ArrayList<>();

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "With --master: only owners on this node; may be repeated.")
    private List<String> nodes = new ArrayList<>();

    @Option(
            names = "--verify",
            description = "With --master: read back what is kept, and compare it with its checksums.")
    private boolean verify;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    /** Whether a cluster is to load, and not a mount. */
    public boolean isWanted() {
        return master != null;
    }

    /** @throws CommandException when options are given that only a cluster's load has */
    public void refuse() throws CommandException {
        if (wait || replicas != 1 || verify || !zones.isEmpty() || !nodes.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--wait, --replicas, --zone, --node and --verify are for a cluster's load: say --master HOST:PORT too");
        }
    }

    /** @param rate null for no limit */
    public ExitCode run(List<String> paths, @Nullable String rate, OutputFormat output)
            throws IOException, CommandException, InterruptedException {
        if (paths.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "say which data set to load: headrace load --master ... NAME");
        }
        JobSpec spec = JobSpec.newBuilder()
                .setLoad(LoadSpec.newBuilder()
                        .addAllPaths(paths)
                        .setReplicas(replicas)
                        .addAllZones(zones)
                        .addAllNodes(nodes))
                .setMaxBytesPerSecond(rate == null ? 0 : ByteSize.parse(rate).bytes())
                .setVerify(verify)
                .build();
        MasterEndpoints masters = MasterEndpoints.parse(String.valueOf(master));
        try (JobCalls calls = new JobCalls(MasterConnection.open(masters, settings.read(Map.of())))) {
            return calls.submit(spec, wait, output);
        }
    }
}
