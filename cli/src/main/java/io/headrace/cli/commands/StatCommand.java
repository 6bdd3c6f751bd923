package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.ListRequest;
import io.headrace.protocol.v1.ListedEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        description = "Shows one file or directory: its version, and what is cached of it where.")
public final class StatCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", description = "A path below a mount.")
    private Path path = Path.of("");

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws Exception {
        TargetPaths target = TargetPaths.of(List.of(path));
        try (NodeClient client = NodeClient.connect(target.instance())) {
            print(client.quick()
                    .list(ListRequest.newBuilder()
                            .setPath(target.paths().getFirst())
                            .setEntryOnly(true)
                            .build())
                    .next());
        }
        return ExitCode.OK.status();
    }

    private void print(ListedEntry entry) {
        if (output == OutputFormat.JSON) {
            System.out.println(MessageJson.of(entry));
            return;
        }
        System.out.println("path      " + (entry.getPath().isEmpty() ? "/" : entry.getPath()));
        System.out.println("modified  " + Amounts.time(entry.getModifiedUnixMillis()));
        if (entry.getDirectory()) {
            System.out.println("kind      directory");
            return;
        }
        System.out.println("length    " + entry.getLengthBytes() + " (" + Amounts.bytes(entry.getLengthBytes()) + ")");
        System.out.println("version   " + entry.getVersion());
        System.out.println("cached    " + Amounts.bytes(entry.getCachedBytes()) + " ("
                + Amounts.percent(entry.getCachedBytes(), entry.getLengthBytes()) + ")"
                + (entry.getTiers().isEmpty() ? "" : " in " + entry.getTiers()));
        System.out.println("pinned    " + (entry.getPinned() ? "yes" : "no"));
    }
}
