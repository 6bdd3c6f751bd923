package io.headrace.client.cluster;

import io.grpc.Status;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.tls.TlsTrouble;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Optional;

/** Why a call to the master failed, in words. */
public final class MasterTrouble {
    /** What gRPC says of a server that takes a connection and closes it; a reset is an IOException. */
    private static final String CLOSED_AT_ONCE = "Network closed for unknown reason";

    private static final String PLAIN_TEXT_PERHAPS = ": does it speak TLS, and this process plain text? Then give this"
            + " one tls.certificate-file, tls.key-file and tls.trusted-file";

    private MasterTrouble() {}

    /** To go on with after a name of the master and a colon. */
    public static String why(Throwable failed) {
        Status status = Status.fromThrowable(failed);
        String description = status.getDescription() == null ? "" : ", " + status.getDescription();
        String text = status.getCode() + description;
        return TlsTrouble.explain(failed).orElse(isClosedAtOnce(status) ? text + PLAIN_TEXT_PERHAPS : text);
    }

    private static boolean isClosedAtOnce(Status status) {
        return switch (status.getCause()) {
            case null -> CLOSED_AT_ONCE.equals(status.getDescription());
            case ConnectException _, NoRouteToHostException _ -> false;
            case IOException _ -> status.getCode() == Status.Code.UNAVAILABLE;
            default -> false;
        };
    }

    /**
     * The master does not permit the call: nothing changes until somebody changes the token or its rights.
     *
     * @return empty when the call failed otherwise
     */
    public static Optional<OriginException> refusal(String master, Throwable failed) {
        Status status = Status.fromThrowable(failed);
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                Optional.of(new OriginException.Refused(
                        Refusal.FORBIDDEN, "the master at " + master + " refuses: " + status.getDescription()));
            default -> Optional.empty();
        };
    }
}
