package io.headrace.cli.worker;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.commands.Amounts;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.protocol.cluster.Endpoint;
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

    @Option(names = "--master", paramLabel = "HOST:PORT", description = "Its master (default: ${DEFAULT-VALUE}).")
    private String master = "127.0.0.1:7300";

    @Option(names = "--wait", description = "Wait until it has left, and say what it keeps meanwhile.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long to wait, as PT30M or PT45S (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(35);

    @Override
    public Integer call() throws Exception {
        Endpoint endpoint = Endpoint.parse(master);
        ManagedChannel channel = MasterChannel.open(endpoint, InsecureChannelCredentials.create());
        try {
            String id = find(channel)
                    .orElseThrow(() -> unknown(endpoint))
                    .getMember()
                    .getId();
            DrainReply _ =
                    calls(channel).drain(DrainRequest.newBuilder().setId(id).build());
            if (!wait) {
                System.out.println(
                        "Worker " + id + " was asked to drain; 'headrace cluster status' shows when it has left.");
                return ExitCode.OK.status();
            }
            return awaitEnd(channel, id).status();
        } catch (StatusRuntimeException e) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "the master at " + endpoint + " did not answer ("
                            + e.getStatus().getCode() + ")");
        } finally {
            channel.shutdownNow();
        }
    }

    private ExitCode awaitEnd(ManagedChannel channel, String id) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String said = "";
        while (System.nanoTime() - deadline < 0) {
            Optional<ListedWorker> here = find(channel);
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

    private Optional<ListedWorker> find(ManagedChannel channel) {
        List<ListedWorker> all = calls(channel)
                .listWorkers(ListWorkersRequest.getDefaultInstance())
                .getWorkersList();
        return all.stream()
                .filter(each -> each.getMember().getId().equals(worker)
                        || (each.getMember().getHost() + ":" + each.getMember().getPort()).equals(worker))
                .findFirst();
    }

    private CommandException unknown(Endpoint endpoint) {
        return new CommandException(
                ExitCode.NOT_FOUND,
                "the master at " + endpoint + " knows no worker " + worker + "; 'headrace cluster status --master "
                        + endpoint + "' lists them");
    }

    private static MembershipBlockingStub calls(ManagedChannel channel) {
        return MembershipGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
