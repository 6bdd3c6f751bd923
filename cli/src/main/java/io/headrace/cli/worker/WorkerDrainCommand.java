package io.headrace.cli.worker;

import io.grpc.Channel;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.cli.cluster.MasterOption;
import io.headrace.cli.commands.Amounts;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.DrainReply;
import io.headrace.protocol.v1.DrainRequest;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.ListedWorker;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.MembershipGrpc.MembershipBlockingStub;
import io.headrace.protocol.v1.TierFill;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Asks a worker to hand over its blocks to the others and to end. It serves until it ends.",
            "Where something starts it again when it ends, stop that first."
        })
final class WorkerDrainCommand implements Callable<Integer> {
    private static final long ANSWER_SECONDS = 10;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    @Parameters(paramLabel = "ID|HOST:PORT", description = "The worker, as 'headrace cluster status' shows it.")
    private String worker = "";

    @Mixin
    private MasterOption master = new MasterOption();

    @Option(names = "--wait", description = "Wait until it has left, and say what it keeps meanwhile.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long to wait, as PT30M or PT45S (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(35);

    @Override
    public Integer call() throws Exception {
        try (MasterConnection connection = master.connect()) {
            String id = find(connection).orElseThrow(this::unknown).getMember().getId();
            DrainReply _ = connection.ask(channel ->
                    calls(channel).drain(DrainRequest.newBuilder().setId(id).build()));
            if (wait) {
                return awaitEnd(connection, id).status();
            }
            System.out.println(
                    "Worker " + id + " was asked to drain; 'headrace cluster status' shows when it has left.");
            return ExitCode.OK.status();
        }
    }

    private ExitCode awaitEnd(MasterConnection connection, String id)
            throws CommandException, OriginException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String said = "";
        while (System.nanoTime() - deadline < 0) {
            Optional<ListedWorker> here = find(connection);
            if (here.isEmpty()) {
                System.out.println("Worker " + id + " has left.");
                return ExitCode.OK;
            }
            String now = progress(here.get());
            if (!now.equals(said)) {
                System.err.println(now);
                said = now;
            }
            Thread.sleep(LOOK_EVERY);
        }
        System.err.println("headrace: worker " + id + " has not left within " + timeout.toSeconds()
                + " s; it goes on, and its log says how far it is");
        return ExitCode.INCOMPLETE;
    }

    private static String progress(ListedWorker worker) {
        return "  waits for the worker, which keeps "
                + worker.getTiersList().stream().map(WorkerDrainCommand::text).collect(Collectors.joining(", "));
    }

    private static String text(TierFill tier) {
        return Amounts.bytes(tier.getUsedBytes()) + " in " + tier.getTier();
    }

    private Optional<ListedWorker> find(MasterConnection connection) throws CommandException, OriginException {
        List<ListedWorker> all = connection
                .ask(channel -> calls(channel).listWorkers(ListWorkersRequest.getDefaultInstance()))
                .getWorkersList();
        return all.stream()
                .filter(each -> each.getMember().getId().equals(worker)
                        || (each.getMember().getHost() + ":" + each.getMember().getPort()).equals(worker))
                .findFirst();
    }

    private CommandException unknown() {
        return new CommandException(
                ExitCode.NOT_FOUND,
                "the master at " + master.endpoints() + " knows no worker " + worker
                        + "; 'headrace cluster status --master " + master.endpoints() + "' lists them");
    }

    private static MembershipBlockingStub calls(Channel channel) {
        return MembershipGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
