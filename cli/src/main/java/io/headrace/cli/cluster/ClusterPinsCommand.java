package io.headrace.cli.cluster;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.commands.MessageJson;
import io.headrace.protocol.v1.ListPinsReply;
import io.headrace.protocol.v1.ListPinsRequest;
import io.headrace.protocol.v1.PinsGrpc;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "pins",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows what is pinned, and whether all copies are there.")
final class ClusterPinsCommand implements Callable<Integer> {
    private static final long ANSWER_SECONDS = 10;

    @Mixin
    private MasterOption master = new MasterOption();

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws Exception {
        try (MasterConnection connection = master.connect()) {
            ListPinsReply pins = connection.ask(channel -> PinsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listPins(ListPinsRequest.getDefaultInstance()));
            if (output == OutputFormat.JSON) {
                System.out.println(MessageJson.of(pins));
            } else {
                print(pins);
            }
            return ExitCode.OK.status();
        }
    }

    private static void print(ListPinsReply pins) {
        pins.getPinsList()
                .forEach(pin -> System.out.printf(
                        "%s  %d to a block%n", pin.getPath().isEmpty() ? "/" : pin.getPath(), pin.getReplicas()));
        if (pins.getPinsCount() == 0) {
            System.out.println("Nothing is pinned.");
        } else if (pins.getHealed()) {
            System.out.println("All copies are there.");
        } else {
            System.out.println("Not all copies were seen yet"
                    + (pins.getJobId() == 0 ? "" : "; the newest job is " + pins.getJobId())
                    + (pins.getTrouble().isEmpty() ? "." : ": " + pins.getTrouble()));
        }
    }
}
