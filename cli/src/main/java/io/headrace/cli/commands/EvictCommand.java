package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.EvictReply;
import io.headrace.protocol.v1.EvictRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "evict",
        mixinStandardHelpOptions = true,
        description = "Drops what is cached of files. Readers are not disturbed; the space of files that they read is "
                + "given back when they are done.")
public final class EvictCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories below a mount.")
    private List<Path> given = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        TargetPaths targets = TargetPaths.of(given);
        try (NodeClient client = NodeClient.connect(targets.instance())) {
            EvictReply reply = client.streaming()
                    .evict(EvictRequest.newBuilder()
                            .addAllPaths(targets.paths())
                            .build());
            System.out.printf("%s freed, of %d files%n", Amounts.bytes(reply.getBytes()), reply.getFiles());
        }
        return ExitCode.OK.status();
    }
}
