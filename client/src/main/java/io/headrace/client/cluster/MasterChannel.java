package io.headrace.client.cluster;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.cluster.Endpoint;
import java.util.concurrent.TimeUnit;

/** How processes connect to their master. */
public final class MasterChannel {
    private static final int PING_SECONDS = 10;
    private static final int PONG_SECONDS = 5;
    private static final int LARGEST_ANSWER = 16 << 20;

    private MasterChannel() {}

    /** Without a token. */
    public static ManagedChannel open(Endpoint master, ChannelCredentials credentials) {
        return open(master, new MasterAccess(credentials, () -> Bytes.EMPTY));
    }

    /**
     * A connection that is made when it is first used, and again when it was lost: a master that answers no ping within
     * 15 s is taken as gone. Its calls need deadlines of their own. The caller shuts it down.
     */
    public static ManagedChannel open(Endpoint master, MasterAccess access) {
        return Grpc.newChannelBuilderForAddress(master.host(), master.port(), access.credentials())
                .intercept(new BearerToken(access.token()))
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PONG_SECONDS, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .maxInboundMessageSize(LARGEST_ANSWER)
                .disableRetry()
                .build();
    }
}
