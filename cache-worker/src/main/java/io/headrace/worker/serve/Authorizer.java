package io.headrace.worker.serve;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.MountId;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.TokenException;
import io.headrace.protocol.token.TokenJudge;
import java.net.InetAddress;
import java.util.Optional;

/** Says who may read what. Thread-safe; called on event loops, so that it must not block. */
@FunctionalInterface
public interface Authorizer {
    /**
     * Judges a client that says HELLO.
     *
     * @param token a secret: not to be logged
     * @return what it may read while it is connected
     * @throws TokenException when it may not connect; the message is told to it
     */
    Access admit(InetAddress client, Bytes token) throws TokenException;

    /** What one client may read. Asked at each request, since a token expires. */
    @FunctionalInterface
    interface Access {
        /** Why the client may not read files of the mount at present, for people; empty when it may. */
        Optional<String> refusal(MountId mount);
    }

    /** Clients on this machine may read everything, others nothing. */
    static Authorizer loopbackOnly() {
        return (client, token) -> {
            if (!client.isLoopbackAddress()) {
                throw new TokenException(
                        TokenException.Reason.MISSING, "the worker serves clients of its own machine alone");
            }
            return mount -> Optional.empty();
        };
    }

    /** Whoever gets a connection may read everything. */
    static Authorizer everybody() {
        return (client, token) -> mount -> Optional.empty();
    }

    /** Clients may read what their tokens cover, as long as these are valid. */
    static Authorizer byToken(TokenJudge judge) {
        return (client, token) -> {
            Grant grant = judge.judge(token.toString());
            return mount -> refusal(judge, grant, mount);
        };
    }

    private static Optional<String> refusal(TokenJudge judge, Grant grant, MountId mount) {
        try {
            judge.requireCurrent(grant);
            return grant.refusal(mount);
        } catch (TokenException expired) {
            return Optional.of(expired.why());
        }
    }
}
