package io.headrace.worker.serve;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.MountId;
import java.net.InetAddress;
import java.util.Optional;

/** Says who may read what. Thread-safe; called on event loops, so that it must not block. */
@FunctionalInterface
public interface Authorizer {
    /**
     * Judges a client that says HELLO.
     *
     * @param token a secret: not to be logged
     * @return what it may read while it is connected; empty when it may not connect
     */
    Optional<Access> admit(InetAddress client, Bytes token);

    /** What one client may read. */
    @FunctionalInterface
    interface Access {
        boolean covers(MountId mount);
    }

    /** Clients on this machine may read everything, others nothing. */
    static Authorizer loopbackOnly() {
        return (client, token) -> client.isLoopbackAddress() ? Optional.of(mount -> true) : Optional.empty();
    }

    /** Whoever reaches the port may read everything. */
    static Authorizer everybody() {
        return (client, token) -> Optional.of(mount -> true);
    }
}
