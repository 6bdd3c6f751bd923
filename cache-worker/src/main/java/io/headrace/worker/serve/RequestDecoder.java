package io.headrace.worker.serve;

import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.RequestCodec;
import io.headrace.protocol.block.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests out of a connection's bytes, while the connection takes more; passes on a {@link Failure} at the first bad one. */
final class RequestDecoder extends ByteToMessageDecoder {
    private final ServedConnection connection;
    private boolean paused;
    private boolean deaf;
    private @Nullable ChannelHandlerContext context;

    RequestDecoder(ServedConnection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (deaf) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (connection.isFull()) {
            paused = true;
            ctx.channel().config().setAutoRead(false);
            return;
        }
        if (in.readableBytes() < RequestHead.BYTES) {
            return;
        }
        ByteBuffer bytes = in.nioBuffer();
        try {
            int length = RequestHead.BYTES + RequestCodec.decodeHead(bytes).bodyBytes();
            if (in.readableBytes() >= length) {
                out.add(RequestCodec.decode(bytes));
                in.skipBytes(length);
            }
        } catch (MalformedFrameException e) {
            deaf = true;
            in.skipBytes(in.readableBytes());
            out.add(Failure.of(e));
        }
    }

    /** Lets everything that comes from now on fall. */
    void stopListening() {
        deaf = true;
        resume();
    }

    /** The connection may take more than before. */
    void resumeIfPaused() {
        if (paused && !connection.isFull()) {
            resume();
        }
    }

    private void resume() {
        ChannelHandlerContext ctx = context;
        if (paused && ctx != null) {
            paused = false;
            ctx.channel().config().setAutoRead(true);
            // What was read before the pause is decoded in a turn of its own: this may be called while decoding.
            ctx.executor().execute(() -> {
                if (!ctx.isRemoved()) {
                    decodeWhatIsThere(ctx);
                }
            });
        }
    }

    private void decodeWhatIsThere(ChannelHandlerContext ctx) {
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            connection.channelReadComplete(ctx);
        } catch (Exception failure) {
            // channelRead declares it; as Netty does with what a handler throws.
            ctx.fireExceptionCaught(failure);
        }
    }
}
