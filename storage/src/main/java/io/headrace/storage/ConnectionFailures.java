package io.headrace.storage;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What failures below HTTP mean for an origin: the same for every origin that is reached over the network. */
public final class ConnectionFailures {
    private static final int MOST_CAUSES = 20;
    /** In the message of a timeout; Hadoop's for a read show the channel as "connected". */
    private static final Pattern CONNECTING = Pattern.compile("(?i)connect(?!ed)");

    private ConnectionFailures() {}

    /**
     * @param what such as "reading s3://bucket/key"
     * @param host whom it was asked of, such as "s3.example.com:443"
     * @param answeredBefore whether this origin has answered since it was opened; a name that once resolved is
     *     expected to resolve again
     */
    public static OriginException toOrigin(String what, String host, boolean answeredBefore, Throwable failure) {
        if (find(failure, UnknownHostException.class).isPresent()) {
            String message =
                    what + ": there is no host " + host + ". Check the endpoint's spelling and this machine's DNS";
            return answeredBefore
                    ? new OriginException.Unavailable(message, failure)
                    : new OriginException.Refused(Refusal.NO_SUCH_LOCATION, message, failure);
        }
        Optional<SSLException> tls = find(failure, SSLException.class);
        boolean cut = find(failure, SocketException.class).isPresent()
                || find(failure, EOFException.class).isPresent()
                || find(failure, SocketTimeoutException.class).isPresent()
                || find(failure, SlowAnswerException.class).isPresent();
        if (tls.isPresent() && !cut) {
            return new OriginException.Refused(
                    Refusal.TLS,
                    what + ": no trusted TLS connection to " + host + ": "
                            + words(tls.get())
                            + ". For a private authority name its certificate with the option ca-file; for a server without"
                            + " TLS write http://",
                    failure);
        }
        return new OriginException.Unavailable(what + ": " + reason(host, failure), failure);
    }

    /** The JDK's own message begins with the class names of the causes. */
    private static String words(SSLException failure) {
        return String.valueOf(failure.getMessage()).replaceAll("(\\w+\\.)+\\w+Exception: ", "");
    }

    private static String reason(String host, Throwable failure) {
        if (find(failure, SlowAnswerException.class).isPresent()) {
            return "the answer of " + host
                    + " was not whole within the answer-timeout. It is asked again; if this lasts, check the service and"
                    + " the network, or raise the option answer-timeout for a very slow one";
        }
        Optional<Throwable> connect = causes(failure)
                .filter(cause -> cause instanceof ConnectException || cause instanceof NoRouteToHostException)
                .findFirst();
        Optional<SocketTimeoutException> timeout = find(failure, SocketTimeoutException.class);
        boolean connecting = timeout.filter(
                        t -> CONNECTING.matcher(String.valueOf(t.getMessage())).find())
                .isPresent();
        if (connecting) {
            return host
                    + " does not answer: no connection within the connect-timeout. Check the endpoint, the network and"
                    + " firewalls on the way";
        }
        if (timeout.isPresent()) {
            return host
                    + " went silent for longer than the stall-timeout. It is asked again; if this lasts, check the service"
                    + " and the network, or raise the option stall-timeout for a very slow one";
        }
        if (connect.isPresent()) {
            return "no connection to " + host + ": " + connect.get().getMessage()
                    + ". Check that the service runs, and the endpoint's host and port";
        }
        Throwable deepest = causes(failure).reduce(failure, (above, below) -> below);
        return "the connection to " + host + " broke: "
                + Optional.ofNullable(deepest.getMessage())
                        .orElse(deepest.getClass().getSimpleName())
                + ". It is asked again; if this lasts, check the service and what is between (proxies, firewalls)";
    }

    /** The first in the chain of causes, the failure itself included, of this type. */
    public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES);
    }
}
