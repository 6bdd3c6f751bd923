package io.headrace.client.cluster;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;

/** How processes connect to their master. */
public final class MasterChannel {
    private static final int CONNECT_MILLIS = 2000;
    private static final int PING_SECONDS = 10;
    private static final int PONG_SECONDS = 5;
    private static final int LARGEST_ANSWER = 16 << 20;

    private MasterChannel() {}

    /** To the only master, without a token. */
    public static ManagedChannel open(Endpoint master, ChannelCredentials credentials) {
        return open(MasterEndpoints.of(master), new MasterAccess(credentials, () -> Bytes.EMPTY));
    }

    /**
     * A connection to the first of these masters that takes one: only the master that leads does. It is made when it is first used,
     * and again when it was lost: a master that answers no ping within 15 s is taken as gone, and one that takes no connection within
     * 2 s is passed over. Its calls need deadlines of their own. The caller shuts it down.
     */
    public static ManagedChannel open(MasterEndpoints masters, MasterAccess access) {
        return NettyChannelBuilder.forTarget(MasterResolverProvider.target(masters), access.credentials())
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .intercept(new BearerToken(access.token()))
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PONG_SECONDS, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .maxInboundMessageSize(LARGEST_ANSWER)
                .disableRetry()
                .build();
    }
}
