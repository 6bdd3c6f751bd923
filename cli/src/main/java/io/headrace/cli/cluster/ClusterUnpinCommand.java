package io.headrace.cli.cluster;

import io.headrace.cli.ExitCode;
import io.headrace.protocol.v1.PinsGrpc;
import io.headrace.protocol.v1.RemovePinReply;
import io.headrace.protocol.v1.RemovePinRequest;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "unpin",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lets what was pinned be evicted again; what is cached stays until something else needs the room.")
final class ClusterUnpinCommand implements Callable<Integer> {
    private static final long ANSWER_SECONDS = 10;

    @Parameters(paramLabel = "NAME[/PATH]", description = "As it was pinned.")
    private String path = "";

    @Mixin
    private MasterOption master = new MasterOption();

    @Override
    public Integer call() throws Exception {
        try (MasterConnection connection = master.connect()) {
            RemovePinReply _ = connection.ask(channel -> PinsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .removePin(RemovePinRequest.newBuilder().setPath(path).build()));
        }
        return ExitCode.OK.status();
    }
}
