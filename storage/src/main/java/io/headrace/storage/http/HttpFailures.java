package io.headrace.storage.http;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ConnectionFailures;
import io.headrace.storage.RetryAfter;
import io.headrace.storage.ServerTrouble;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;

/** What a web server's answers mean for an origin. Statuses: RFC 9110, section 15. */
record HttpFailures(HttpSession session) {
    /** @param what such as "reading https://host/file" */
    IOException toOrigin(String what, IOException failure) {
        if (failure instanceof OriginException || failure instanceof ClosedChannelException) {
            return failure;
        }
        Optional<RedirectException> redirects = ConnectionFailures.find(failure, RedirectException.class);
        if (redirects.isPresent()) {
            return new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    what + ": the server redirects round and round: "
                            + redirects.get().getMessage() + ". Mount the address where the redirects should end",
                    failure);
        }
        Optional<ProtocolException> protocol = ConnectionFailures.find(failure, ProtocolException.class);
        if (protocol.isPresent()) {
            return new OriginException.Refused(
                    Refusal.BAD_REQUEST,
                    what + ": " + protocol.get().getMessage() + ". Mount the address of the file's own server",
                    failure);
        }
        return ConnectionFailures.toOrigin(what, session.host(), session.hasAnswered(), failure);
    }

    /** For a status that is not what was hoped for. */
    OriginException ofStatus(String what, HttpResponse answer) {
        int status = answer.getCode();
        String said = " (HTTP status " + status + ")";
        return switch (status) {
            case 404, 410 -> new OriginException.NotFound(what + ": there is no such file");
            case 412, 416 -> new OriginException.VersionChanged(what + ": the file was replaced. Open it again");
            case 401, 407 ->
                new OriginException.Refused(
                        Refusal.BAD_CREDENTIALS,
                        what + ": the server wants a login" + said
                                + ", which this origin has not. Mount files that are public, or the store behind the server");
            case 403 ->
                new OriginException.Refused(
                        Refusal.FORBIDDEN,
                        what + ": access is denied" + said + ". Check the file's permissions at the server");
            case 408, 425, 429 -> trouble(answer).toOrigin(what);
            default ->
                status >= 500 && status != 501 && status != 505
                        ? trouble(answer).toOrigin(what)
                        : new OriginException.Refused(
                                Refusal.BAD_REQUEST,
                                what + ": the server refuses the request" + said + ". Check the address");
        };
    }

    private static ServerTrouble trouble(HttpResponse answer) {
        Header header = answer.getFirstHeader("Retry-After");
        Optional<Duration> retryAfter =
                Optional.ofNullable(header).flatMap(value -> RetryAfter.parse(value.getValue(), Clock.systemUTC()));
        return new ServerTrouble(answer.getCode(), "", retryAfter);
    }
}
