package io.headrace.master;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The master's gRPC services on one port, with the health and reflection services. A call runs on a virtual thread of its
 * own. A peer that answers no ping is dropped, so that its streams do not stay for ever.
 */
public final class MasterServer implements AutoCloseable {
    private static final int MOST_CALLS_OF_A_CONNECTION = 128;
    private static final int LARGEST_REQUEST = 1 << 20;
    private static final int PING_SECONDS = 20;
    private static final int PONG_SECONDS = 10;
    /** Clients ping every 10 s; half of that leaves room for jitter. */
    private static final int LEAST_CLIENT_PING_SECONDS = 5;

    private static final int HANDSHAKE_SECONDS = 10;
    private static final int END_SECONDS = 5;

    private final Server server;
    private final int port;
    private final HealthStatusManager health;
    private final ExecutorService calls;

    private MasterServer(Server server, HealthStatusManager health, ExecutorService calls) {
        this.server = server;
        port = server.getPort();
        this.health = health;
        this.calls = calls;
    }

    /** Of a server that asks nobody for a token. */
    public static MasterServer start(
            InetSocketAddress address, ServerCredentials credentials, List<BindableService> services)
            throws IOException {
        return start(address, credentials, services, List.of());
    }

    /**
     * @param address where it listens; port 0 for any that is free
     * @param interceptors of each call, the outermost first
     */
    public static MasterServer start(
            InetSocketAddress address,
            ServerCredentials credentials,
            List<BindableService> services,
            List<ServerInterceptor> interceptors)
            throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("master-call-", 0).factory());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address, credentials)
                .executor(calls)
                .maxConcurrentCallsPerConnection(MOST_CALLS_OF_A_CONNECTION)
                .maxInboundMessageSize(LARGEST_REQUEST)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PONG_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(LEAST_CLIENT_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        services.forEach(builder::addService);
        // The last that is added is the first that is called.
        interceptors.reversed().forEach(builder::intercept);
        try {
            return new MasterServer(builder.build().start(), health, calls);
        } catch (IOException e) {
            calls.shutdownNow();
            throw new IOException(
                    "the master cannot listen on " + address + ": " + e.getMessage()
                            + "; is another process there, or is it no address of this machine?",
                    e);
        }
    }

    public int port() {
        return port;
    }

    /** Cuts running calls: who watches goes elsewhere, and other calls are short and tried again. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdownNow();
        try {
            boolean _ = server.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
    }
}
