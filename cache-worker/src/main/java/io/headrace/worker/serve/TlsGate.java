package io.headrace.worker.serve;

import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.block.Welcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands before everything else of a connection that must be TLS; one in plain text is told so, and sent away. */
final class TlsGate extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(TlsGate.class);

    /** What tells a TLS record from other bytes. */
    private static final int RECORD_HEAD_BYTES = 5;

    private final ServerTls tls;
    private boolean refused;

    TlsGate(ServerTls tls) {
        this.tls = tls;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (refused) {
            in.skipBytes(in.readableBytes());
        } else if (in.readableBytes() >= RECORD_HEAD_BYTES) {
            if (SslHandler.isEncrypted(in, false)) {
                SslHandler handler = new SslHandler(tls.identity().towardsClient());
                handler.setHandshakeTimeoutMillis(tls.handshakeTimeout().toMillis());
                ctx.pipeline().replace(this, "tls", handler);
            } else {
                refused = true;
                in.skipBytes(in.readableBytes());
                refuse(ctx);
            }
        }
    }

    private static void refuse(ChannelHandlerContext ctx) {
        LOG.info("{} is refused: it speaks plain text", ctx.channel().remoteAddress());
        Failure why = Failure.of(
                Status.UNAUTHORIZED,
                "the worker speaks TLS alone; give the client tls.certificate-file, tls.key-file and tls.trusted-file");
        ChannelFuture _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(Welcome.encode(new Welcome.Refused(why))));
        Farewell.close(ctx.channel());
    }
}
