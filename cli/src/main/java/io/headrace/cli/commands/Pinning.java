package io.headrace.cli.commands;

import io.headrace.cli.CommandException;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.SetPinnedReply;
import io.headrace.protocol.v1.SetPinnedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What pin and unpin share. */
final class Pinning {
    private Pinning() {}

    static void set(List<Path> given, boolean pinned) throws IOException, CommandException, InterruptedException {
        TargetPaths targets = TargetPaths.of(given);
        try (NodeClient client = NodeClient.connect(targets.instance())) {
            SetPinnedReply reply = client.streaming()
                    .setPinned(SetPinnedRequest.newBuilder()
                            .addAllPaths(targets.paths())
                            .setPinned(pinned)
                            .build());
            System.out.printf("%d files %s%n", reply.getFiles(), pinned ? "pinned" : "unpinned");
        }
    }
}
