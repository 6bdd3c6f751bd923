package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.ListRequest;
import io.headrace.protocol.v1.ListedEntry;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists a directory with what is cached of each file.")
public final class ListCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description = "A path below a mount; the only mount's root when left out.")
    private @Nullable Path path;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws Exception {
        TargetPaths target = TargetPaths.of(path == null ? List.of() : List.of(path));
        try (NodeClient client = NodeClient.connect(target.instance())) {
            Iterator<ListedEntry> entries = client.streaming()
                    .list(ListRequest.newBuilder()
                            .setPath(target.paths().getFirst())
                            .build());
            while (entries.hasNext()) {
                print(entries.next());
            }
        }
        return ExitCode.OK.status();
    }

    private void print(ListedEntry entry) {
        if (output == OutputFormat.JSON) {
            System.out.println(MessageJson.of(entry));
        } else {
            System.out.printf(
                    "%10s  %5s  %s  %s%s%s%n",
                    entry.getDirectory() ? "" : Amounts.bytes(entry.getLengthBytes()),
                    entry.getDirectory() ? "" : Amounts.percent(entry.getCachedBytes(), entry.getLengthBytes()),
                    Amounts.time(entry.getModifiedUnixMillis()),
                    entry.getPath(),
                    entry.getDirectory() ? "/" : "",
                    entry.getPinned() ? "  (pinned)" : "");
        }
    }
}
