package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.CheckRequest;
import io.headrace.protocol.v1.CheckedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Verifies every cached byte against its checksum, and drops what is damaged.")
public final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and directories below a mount.")
    private List<Path> given = new ArrayList<>();

    @Option(names = "--origin", description = "Fetch the bytes from the origin too, and compare.")
    private boolean origin;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    private long files;
    private long bytes;
    private long wrong;

    @Override
    public Integer call() throws Exception {
        TargetPaths targets = TargetPaths.of(given);
        try (NodeClient client = NodeClient.connect(targets.instance())) {
            Iterator<CheckedFile> checked = client.streaming()
                    .check(CheckRequest.newBuilder()
                            .addAllPaths(targets.paths())
                            .setOrigin(origin)
                            .build());
            while (checked.hasNext()) {
                count(checked.next());
            }
        }
        if (output == OutputFormat.TEXT) {
            System.out.printf("%d files, %s checked, %d not right%n", files, Amounts.bytes(bytes), wrong);
        }
        return (wrong == 0 ? ExitCode.OK : ExitCode.DAMAGED).status();
    }

    private void count(CheckedFile file) {
        files++;
        bytes += file.getCheckedBytes();
        boolean right = file.getDamagedBlocksCount() == 0
                && file.getDifferingBlocksCount() == 0
                && file.getFailure().isEmpty();
        wrong += right ? 0 : 1;
        if (output == OutputFormat.JSON) {
            System.out.println(MessageJson.of(file));
        } else if (!right) {
            System.out.printf(
                    "%s: damaged blocks %s (dropped, to be fetched again), differing from the origin %s %s%n",
                    file.getPath(), file.getDamagedBlocksList(), file.getDifferingBlocksList(), file.getFailure());
        }
    }
}
