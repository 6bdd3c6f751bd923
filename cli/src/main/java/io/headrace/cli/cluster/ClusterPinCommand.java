package io.headrace.cli.cluster;

import io.headrace.cli.ExitCode;
import io.headrace.protocol.v1.Pin;
import io.headrace.protocol.v1.PinsGrpc;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Keeps a data set, or a file or directory of one, in the workers' caches: it is loaded, not evicted, and loaded anew"
                    + " when a worker is gone or a file was replaced.",
            "Pinned again, it gets another number of copies."
        },
        footer = {"", "  headrace cluster pin llama --replicas 2"})
final class ClusterPinCommand implements Callable<Integer> {
    /** The master walks over the files, to see whether they fit. */
    private static final long ANSWER_SECONDS = 120;

    @Parameters(paramLabel = "NAME[/PATH]", description = "The data set, as 'headrace cluster status' shows it.")
    private String path = "";

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "How many workers keep each block (default: ${DEFAULT-VALUE}).")
    private int replicas = 1;

    @Mixin
    private MasterOption master = new MasterOption();

    @Override
    public Integer call() throws Exception {
        if (replicas < 1) {
            throw new IllegalArgumentException("--replicas is at least 1, and not " + replicas);
        }
        Pin asked = Pin.newBuilder().setPath(path).setReplicas(replicas).build();
        try (MasterConnection connection = master.connect()) {
            Pin pinned = connection.ask(channel -> PinsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .setPin(asked));
            System.out.printf(
                    "%s is pinned, %d to a block. 'headrace cluster pins' shows when all copies are there.%n",
                    pinned.getPath().isEmpty() ? "Everything" : pinned.getPath(), pinned.getReplicas());
        }
        return ExitCode.OK.status();
    }
}
