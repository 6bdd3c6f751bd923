package io.headrace.master.serve;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A master's control plane on one address, in plain text. Each call has a virtual thread. */
public final class ControlServer implements AutoCloseable {
    private static final int MOST_CALLS_OF_A_CONNECTION = 256;
    private static final int MOST_REQUEST_BYTES = 1 << 20;
    /** Clients may ask this often whether the master is there; it asks them less often. */
    private static final int CLIENT_ASKS_SECONDS = 5;

    private static final int SERVER_ASKS_SECONDS = 30;
    private static final int WAIT_SECONDS = 2;

    private final ExecutorService calls;
    private final Server server;

    private ControlServer(ExecutorService calls, Server server) {
        this.calls = calls;
        this.server = server;
    }

    /** @param address port 0 for any that is free */
    public static ControlServer start(InetSocketAddress address, List<? extends BindableService> services)
            throws IOException {
        ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("headrace-control-", 0).factory());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .executor(calls)
                .maxConcurrentCallsPerConnection(MOST_CALLS_OF_A_CONNECTION)
                .maxInboundMessageSize(MOST_REQUEST_BYTES)
                .permitKeepAliveTime(CLIENT_ASKS_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(SERVER_ASKS_SECONDS, TimeUnit.SECONDS);
        services.forEach(builder::addService);
        try {
            return new ControlServer(calls, builder.build().start());
        } catch (IOException e) {
            calls.shutdownNow();
            throw new IOException(
                    "cannot listen on " + address + ": " + e.getMessage() + ". Is another master running there?", e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Waits a little for calls that are being answered, and cuts the others. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
                boolean _ = server.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
        calls.shutdownNow();
    }
}
