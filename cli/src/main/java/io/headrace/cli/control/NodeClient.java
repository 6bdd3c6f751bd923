package io.headrace.cli.control;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.protocol.v1.NodeGrpc;
import io.headrace.protocol.v1.NodeGrpc.NodeBlockingStub;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A connection to a running mount. */
public final class NodeClient implements AutoCloseable {
    private static final long ANSWER_SECONDS = 30;
    private static final long START_SECONDS = 5;
    private static final long LOOK_EVERY_MILLIS = 10;

    private final Instance instance;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    private NodeClient(Instance instance, EventLoopGroup loop, ManagedChannel channel) {
        this.instance = instance;
        this.loop = loop;
        this.channel = channel;
    }

    /** @throws CommandException when its process is gone */
    public static NodeClient connect(Instance instance) throws IOException, CommandException, InterruptedException {
        if (!awaitSocket(instance)) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "the process of the mount on " + instance.mountPoint()
                            + " is gone or still starting. Try again, or clear it with: headrace umount "
                            + instance.mountPoint());
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new DomainSocketAddress(instance.socket().toFile()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class)
                .directExecutor()
                .usePlaintext()
                .build();
        return new NodeClient(instance, loop, channel);
    }

    /** A mount is ready a moment before its commands are. */
    private static boolean awaitSocket(Instance instance) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(instance.socket())) {
            if (!instance.isRunning() || System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    public Instance instance() {
        return instance;
    }

    /** For calls that answer at once. */
    public NodeBlockingStub quick() {
        return NodeGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** For calls that stream until their work is done; the caller ends them. */
    public NodeBlockingStub streaming() {
        return NodeGrpc.newBlockingStub(channel);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        Future<?> _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
