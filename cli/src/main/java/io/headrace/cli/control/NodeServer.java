package io.headrace.cli.control;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Answers a mount's commands on its instance's socket. */
public final class NodeServer implements AutoCloseable {
    private static final int MOST_CALLS = 64;
    private static final int WAIT_SECONDS = 5;

    private final EventLoopGroup loop;
    private final ExecutorService calls;
    private final Server server;

    private NodeServer(EventLoopGroup loop, ExecutorService calls, Server server) {
        this.loop = loop;
        this.calls = calls;
        this.server = server;
    }

    public static NodeServer start(Instance instance, BindableService service) throws IOException {
        Files.deleteIfExists(instance.socket());
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("headrace-call-", 0).factory());
        Server server = NettyServerBuilder.forAddress(
                        new DomainSocketAddress(instance.socket().toFile()))
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelType(EpollServerDomainSocketChannel.class)
                .executor(calls)
                .maxConcurrentCallsPerConnection(MOST_CALLS)
                .addService(service)
                .build()
                .start();
        return new NodeServer(loop, calls, server);
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
        calls.shutdownNow();
        Future<?> _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
