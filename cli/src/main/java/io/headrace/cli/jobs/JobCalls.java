package io.headrace.cli.jobs;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.JobsGrpc.JobsBlockingStub;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Asks a master about jobs. */
public final class JobCalls implements AutoCloseable {
    private static final long ANSWER_SECONDS = 10;

    private final Endpoint master;
    private final ManagedChannel channel;

    public JobCalls(Endpoint master) {
        this.master = master;
        this.channel = MasterChannel.open(master, InsecureChannelCredentials.create());
    }

    /** One call. */
    @FunctionalInterface
    interface Question<T> {
        T ask(JobsBlockingStub stub);
    }

    <T> T ask(Question<T> question) throws CommandException {
        try {
            return question.ask(JobsGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            Status.Code code = e.getStatus().getCode();
            String why = Objects.toString(e.getStatus().getDescription(), code.name());
            throw new CommandException(
                    codeOf(code), isAway(code) ? "the master at " + master + " does not answer (" + why + ")" : why);
        }
    }

    private static boolean isAway(Status.Code code) {
        return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
    }

    private static ExitCode codeOf(Status.Code code) {
        return switch (code) {
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case INVALID_ARGUMENT -> ExitCode.USAGE;
            case FAILED_PRECONDITION -> ExitCode.BUSY;
            case UNAVAILABLE, DEADLINE_EXCEEDED -> ExitCode.ORIGIN_UNAVAILABLE;
            default -> ExitCode.FAILED;
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
