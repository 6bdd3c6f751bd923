package io.headrace.cli.cluster;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.security.Security;
import io.headrace.cli.settings.Settings;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** A command's way to a master, with what the command's settings show to it. Calls need deadlines of their own. */
public final class MasterConnection implements Closeable {
    private final MasterEndpoints master;
    private final Security security;
    private final ManagedChannel channel;

    private MasterConnection(MasterEndpoints master, Security security) {
        this.master = master;
        this.security = security;
        this.channel = MasterChannel.open(master, security.towardsMaster());
    }

    /** @throws io.headrace.protocol.credential.CredentialException when a file of the settings cannot be used */
    public static MasterConnection open(MasterEndpoints master, Settings settings) throws IOException {
        return new MasterConnection(master, Security.open(settings));
    }

    /** @throws CommandException when the master does not do what is asked, or does not answer */
    public <T> T ask(Function<Channel, T> question) throws OriginException, CommandException {
        try {
            return question.apply(channel);
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** For calls that are read piece by piece; their failures are told by {@link #failure(StatusException)}. */
    public Channel channel() {
        return channel;
    }

    public CommandException failure(StatusException e) throws OriginException {
        return failure(new StatusRuntimeException(e.getStatus(), e.getTrailers()));
    }

    private CommandException failure(StatusRuntimeException e) throws OriginException {
        Optional<OriginException> refusal = MasterTrouble.refusal(master.toString(), e);
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        Status.Code code = e.getStatus().getCode();
        boolean away = code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
        String said = Objects.toString(e.getStatus().getDescription(), code.name());
        return new CommandException(
                exitCode(code), away ? "no master answers at " + master + " (" + MasterTrouble.why(e) + ")" : said);
    }

    private static ExitCode exitCode(Status.Code code) {
        return switch (code) {
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case UNAVAILABLE, DEADLINE_EXCEEDED -> ExitCode.ORIGIN_UNAVAILABLE;
            case INVALID_ARGUMENT -> ExitCode.USAGE;
            case FAILED_PRECONDITION, RESOURCE_EXHAUSTED -> ExitCode.BUSY;
            default -> ExitCode.FAILED;
        };
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        security.close();
    }
}
