package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.control.NodeClient;
import io.headrace.cli.jobs.ClusterLoad;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.v1.FailedFile;
import io.headrace.protocol.v1.LoadProgress;
import io.headrace.protocol.v1.LoadRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description =
                "Brings files into the cache before they are used. Ctrl-C stops it, what is cached stays, and the "
                        + "same command goes on from there.",
        footer = {
            "",
            "  headrace load /mnt/llama                  everything",
            "  headrace load --rate 200MB /mnt/llama/part-1",
            "  headrace load --master 127.0.0.1:7300 --wait llama      a job of a cluster: see headrace jobs"
        })
public final class LoadCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and directories below a mount.")
    private List<Path> given = new ArrayList<>();

    @Option(names = "--rate", paramLabel = "SIZE", description = "Most bytes a second to fetch, such as 200MB.")
    private @Nullable String rate;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ClusterLoad cluster = new ClusterLoad();

    @Override
    public Integer call() throws Exception {
        if (cluster.isWanted()) {
            List<String> names = given.stream().map(Path::toString).toList();
            return cluster.run(names, rate, output).status();
        }
        cluster.refuse();
        TargetPaths targets = TargetPaths.of(given);
        LoadRequest request = LoadRequest.newBuilder()
                .addAllPaths(targets.paths())
                .setMaxBytesPerSecond(rate == null ? 0 : ByteSize.parse(rate).bytes())
                .build();
        LoadProgress last = LoadProgress.getDefaultInstance();
        try (NodeClient client = NodeClient.connect(targets.instance());
                LoadBar bar = output == OutputFormat.TEXT ? LoadBar.onTerminal("load") : LoadBar.none()) {
            Iterator<LoadProgress> progress = client.streaming().load(request);
            while (progress.hasNext()) {
                last = progress.next();
                bar.show(last);
            }
        }
        return report(last);
    }

    private int report(LoadProgress end) {
        if (output == OutputFormat.JSON) {
            System.out.println(MessageJson.of(end));
        } else {
            System.out.printf(
                    "%d of %d files, %s: %s fetched, %s were cached already%n",
                    end.getFilesDone(),
                    end.getFilesTotal(),
                    Amounts.bytes(end.getBytesTotal()),
                    Amounts.bytes(end.getBytesFetched()),
                    Amounts.bytes(end.getBytesPresent()));
            for (FailedFile failure : end.getFailuresList()) {
                System.err.println("headrace: " + failure.getPath() + ": " + failure.getReason());
            }
        }
        return end.getState() == LoadProgress.State.STATE_COMPLETE
                ? ExitCode.OK.status()
                : ExitCode.INCOMPLETE.status();
    }
}
