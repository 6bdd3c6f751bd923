package io.headrace.cli.cluster;

import io.headrace.cli.ExitCode;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.protocol.v1.Quota;
import io.headrace.protocol.v1.SetQuotaRequest;
import io.headrace.worker.dataset.KeptDataSets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "quota",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says how much the workers keep of a data set. What is more is evicted.",
            "Without a limit given there is none."
        },
        footer = {"", "  headrace cluster quota llama --bytes 200GiB"})
final class ClusterQuotaCommand implements Callable<Integer> {
    private static final long ANSWER_SECONDS = 10;

    @Parameters(paramLabel = "NAME", description = "The data set, as 'headrace cluster status' shows it.")
    private String name = "";

    @Option(
            names = "--bytes",
            paramLabel = "SIZE",
            description = "In each tier, of all workers together; each has its share, by its capacity.")
    private @Nullable String bytes;

    @Option(
            names = "--files",
            paramLabel = "N",
            description = "In each tier of each worker, files of which it keeps a part.")
    private long files;

    @Mixin
    private MasterOption master = new MasterOption();

    @Override
    public Integer call() throws Exception {
        Quota quota = Quota.newBuilder()
                .setBytes(bytes == null ? 0 : ByteSize.parse(bytes).bytes())
                .setObjects(files)
                .build();
        SetQuotaRequest request =
                SetQuotaRequest.newBuilder().setPath(name).setQuota(quota).build();
        try (MasterConnection connection = master.connect()) {
            MountedDataSet _ = connection.ask(channel -> DataSetsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .setQuota(request));
        }
        System.out.println("The workers keep to it within " + KeptDataSets.REFRESH.toSeconds() + " s.");
        return ExitCode.OK.status();
    }
}
