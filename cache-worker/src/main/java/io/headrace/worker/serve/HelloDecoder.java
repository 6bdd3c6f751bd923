package io.headrace.worker.serve;

import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Hello;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.headrace.protocol.tls.TlsTrouble;
import io.headrace.protocol.token.TokenException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges a new connection by its HELLO, and makes a {@link ServedConnection} of it or sends it away. */
final class HelloDecoder extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(HelloDecoder.class);

    private final ServerTools tools;
    private boolean judged;
    private @Nullable Future<?> timeout;

    HelloDecoder(ServerTools tools) {
        this.tools = tools;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor()
                .schedule(
                        () -> {
                            LOG.info("{} said no HELLO in time", ctx.channel().remoteAddress());
                            ChannelFuture _ = ctx.close();
                        },
                        tools.settings().helloTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (judged) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            if (in.readableBytes() >= Hello.HEAD_BYTES) {
                int length = Hello.HEAD_BYTES + Hello.tokenBytes(in.nioBuffer());
                if (in.readableBytes() >= length) {
                    Hello hello = Hello.decode(in.nioBuffer());
                    in.skipBytes(length);
                    judge(ctx, hello);
                }
            }
        } catch (MalformedFrameException e) {
            refuse(ctx, Failure.of(e));
        }
    }

    @Override
    public void handlerRemoved0(ChannelHandlerContext ctx) {
        cancelTimeout();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        cancelTimeout();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Optional<String> ofTls = TlsTrouble.explain(cause);
        if (ofTls.isPresent()) {
            LOG.info("{} is refused: {}", ctx.channel().remoteAddress(), ofTls.get());
        } else if (!(cause instanceof IOException)) {
            LOG.error("the HELLO of {} failed unexpectedly", ctx.channel().remoteAddress(), cause);
        }
        ChannelFuture _ = ctx.close();
    }

    private void judge(ChannelHandlerContext ctx, Hello hello) {
        if (!hello.speaks(BlockProtocol.VERSION)) {
            refuse(
                    ctx,
                    Failure.of(
                            Status.VERSION_NOT_SPOKEN,
                            "this worker speaks version " + BlockProtocol.VERSION + " of the block protocol, not "
                                    + hello.lowestVersion() + " to " + hello.highestVersion()));
            return;
        }
        InetSocketAddress client = (InetSocketAddress) ctx.channel().remoteAddress();
        Authorizer.Access access;
        try {
            access = tools.authorizer().admit(client.getAddress(), hello.token());
        } catch (TokenException e) {
            refuse(ctx, Failure.of(Status.UNAUTHORIZED, e.why()));
            return;
        }
        if (tools.table().isDraining()) {
            refuse(ctx, Failure.of(Status.SHUTTING_DOWN, "the worker is about to stop"));
            return;
        }
        Channel channel = ctx.channel();
        long features = hello.features() & BlockProtocol.FEATURES;
        ServedConnection connection = new ServedConnection(channel, tools, access, features);
        if (!tools.table().serve(connection)) {
            refuse(
                    ctx,
                    Failure.of(
                            Status.OVERLOADED,
                            "the worker serves as many connections as it may, "
                                    + tools.settings().mostConnections() + "; try another or raise"
                                    + " blocks.most-connections"));
            return;
        }
        accept(ctx, connection, features);
    }

    private void accept(ChannelHandlerContext ctx, ServedConnection connection, long features) {
        judged = true;
        Channel channel = ctx.channel();
        channel.closeFuture().addListener(_ -> {
            connection.closed();
            tools.table().served(connection);
        });
        tools.meters().greeted(Status.OK);
        send(
                ctx,
                new Welcome.Accepted(
                        BlockProtocol.VERSION, features, AnswerQueue.MOST_FILES, AnswerQueue.MOST_REQUESTS));
        BlockServerSettings settings = tools.settings();
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast(new IdleStateHandler(
                true,
                0,
                settings.takeTimeout().toMillis(),
                settings.idleTimeout().toMillis(),
                TimeUnit.MILLISECONDS));
        pipeline.addLast(connection.decoder(), connection);
        pipeline.remove(this);
    }

    private void refuse(ChannelHandlerContext ctx, Failure failure) {
        judged = true;
        cancelTimeout();
        LOG.info("{} is refused: {}", ctx.channel().remoteAddress(), failure.message());
        tools.meters().greeted(failure.status());
        send(ctx, new Welcome.Refused(failure));
        Farewell.close(ctx.channel());
    }

    private static void send(ChannelHandlerContext ctx, Welcome welcome) {
        ChannelFuture _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(Welcome.encode(welcome)));
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
