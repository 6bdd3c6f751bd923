package io.headrace.worker.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the block protocol on one port, from one store. {@link #close} stops gracefully.
 *
 * <p><b>Threads.</b> A connection belongs to one event loop, which owns its {@link AnswerQueue}. The store is asked on read
 * threads ({@link StoreReads}); what it answers, there or on a fetch thread, is summed there and brought back to the loop.
 * <p><b>Bounds.</b> Connections and open files by the settings; requests, file numbers and frames in work by the
 * constants of {@link AnswerQueue}; bytes that wait for a socket by its water mark. A client that asks for more than it takes
 * is not read from.
 * <p><b>Ownership.</b> A {@link Frame} is owned by the slot that it fills, then by whoever takes it out, then by the socket
 * until it is written; each releases it once, whatever happens. A file is used by its number and by each piece that is being
 * read, and closed after the last use.
 */
public final class BlockServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockServer.class);
    private static final Duration MOST_END = Duration.ofSeconds(5);
    private static final int BACKLOG = 256;

    private final ServerTools tools;
    private final EventLoopGroup loops;
    private final Channel listener;

    private BlockServer(ServerTools tools, EventLoopGroup loops, Channel listener) {
        this.tools = tools;
        this.loops = loops;
        this.listener = listener;
    }

    /**
     * Listens.
     *
     * @param at port 0 for any that is free
     * @throws IOException when the address is not to be had
     */
    public static BlockServer start(InetSocketAddress at, ServeParts parts) throws IOException {
        return start(at, parts, Transport.best());
    }

    static BlockServer start(InetSocketAddress at, ServeParts parts, Transport transport) throws IOException {
        ConnectionTable table = new ConnectionTable(parts.settings());
        ServeMeters meters = new ServeMeters(parts.meters());
        meters.watch(table);
        StoreReads reads = new StoreReads(parts, table);
        meters.watch(reads);
        ServerTools tools = new ServerTools(table, reads, parts.authorizer(), parts.settings(), meters);
        ThreadFactory threads =
                Thread.ofPlatform().daemon().name("headrace-serve-", 0).factory();
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(parts.settings().ioThreads(), threads, transport.handlers());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(ServedConnection.LOW_WATER_BYTES, ServedConnection.HIGH_WATER_BYTES))
                .childHandler(new Greeter(
                        tools,
                        parts.tls()
                                .map(identity ->
                                        new ServerTls(identity, parts.settings().helloTimeout()))));
        ChannelFuture bound = bootstrap.bind(at).awaitUninterruptibly();
        BlockServer server = new BlockServer(tools, loops, bound.channel());
        if (!bound.isSuccess()) {
            server.close();
            throw new IOException(
                    "cannot serve blocks on " + at + ": " + bound.cause().getMessage(), bound.cause());
        }
        return server;
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /**
     * Takes no new connections and requests, answers what was asked within the settings' drain timeout, then ends the rest.
     * Returns when nothing of the store is used any more, but for reads that wait for its source.
     */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly(MOST_END.toMillis());
        try {
            tools.table().drain(tools.settings().drainTimeout());
            tools.table().end();
            if (!loops.shutdownGracefully(0, MOST_END.toMillis(), TimeUnit.MILLISECONDS)
                    .await(2 * MOST_END.toMillis())) {
                LOG.warn("event loops of the block server did not end in time");
            }
            if (!tools.reads().close(MOST_END.toNanos())) {
                LOG.warn("reads of the store did not end in time; its disk hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            tools.table().end();
            Future<?> _ = loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    /** Meets new connections. */
    private static final class Greeter extends ChannelInitializer<Channel> {
        private final ServerTools tools;
        private final Optional<ServerTls> tls;

        Greeter(ServerTools tools, Optional<ServerTls> tls) {
            this.tools = tools;
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (!tools.table().enter()) {
                LOG.debug("{} is turned away without a word: too many connections", channel.remoteAddress());
                ChannelFuture _ = channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> tools.table().leave());
            tls.ifPresent(identity -> channel.pipeline().addLast(new TlsGate(identity)));
            channel.pipeline().addLast(new HelloDecoder(tools));
        }
    }
}
