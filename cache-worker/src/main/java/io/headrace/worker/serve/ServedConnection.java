package io.headrace.worker.serve;

import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.ResponseHead;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.tls.TlsTrouble;
import io.headrace.store.PinnedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, after its HELLO. Frames go to the socket while it takes them; when it does not (the channel is not writable),
 * nothing more is looked for, so that a slow reader costs at most {@link AnswerQueue#MOST_AHEAD} frames and what the channel
 * holds, {@value #HIGH_WATER_BYTES} bytes and a frame. Bytes are unpinned when they are written, or the connection is gone.
 * Event loop only but for {@link #drain}, {@link #end} and {@link #run}.
 */
final class ServedConnection extends ChannelInboundHandlerAdapter implements ConnectionTable.Member, AnswerQueue.Loop {
    static final int HIGH_WATER_BYTES = 1 << 20;
    static final int LOW_WATER_BYTES = 512 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(ServedConnection.class);

    /** A client is told of progress after at most two of these. */
    private static final long TICK_MILLIS = BlockProtocol.PROGRESS_MILLIS / 2;

    private final Channel channel;
    private final ServeMeters meters;
    private final AnswerQueue answers;
    private final RequestDecoder decoder = new RequestDecoder(this);
    private boolean pumping;
    private boolean pumpAgain;
    private boolean ending;
    private boolean parting;
    private boolean ticking;
    private boolean sentSinceTick;

    /** @param features bits of what both sides use */
    ServedConnection(Channel channel, ServerTools tools, Authorizer.Access access, long features) {
        this.channel = channel;
        this.meters = tools.meters();
        this.answers = new AnswerQueue(tools, access, (features & BlockProtocol.HOT_BLOCKS) != 0, this);
    }

    RequestDecoder decoder() {
        return decoder;
    }

    boolean isFull() {
        return answers.isFull();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case BlockRequest request -> answers.ask(request);
            case Failure failure -> {
                ending = true;
                answers.say(failure);
            }
            default -> throw new IllegalStateException("decoded to " + message.getClass());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pump();
    }

    /** The channel is closed. */
    void closed() {
        answers.end();
    }

    @Override
    public void drain() {
        run(
                () -> {
                    if (!ending) {
                        ending = true;
                        decoder.stopListening();
                        answers.say(Failure.of(Status.SHUTTING_DOWN, "the worker is about to stop"));
                    }
                },
                () -> {});
    }

    @Override
    public void end() {
        ChannelFuture _ = channel.close();
    }

    @Override
    public void run(Runnable task, Runnable whenItIsGone) {
        try {
            channel.eventLoop().execute(() -> {
                task.run();
                pump();
            });
        } catch (RejectedExecutionException stopped) {
            whenItIsGone.run();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof IdleStateEvent idle)) {
            return;
        }
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        boolean isStuck = unsent != null && unsent.totalPendingWriteBytes() > 0;
        if (idle.state() == IdleState.WRITER_IDLE && isStuck) {
            LOG.info("{} takes nothing of what it asked for; its connection is closed", channel.remoteAddress());
            ChannelFuture _ = ctx.close();
        } else if (idle.state() == IdleState.ALL_IDLE && answers.isEmpty() && !isStuck) {
            ChannelFuture _ = ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || TlsTrouble.explain(cause).isPresent()) {
            LOG.debug("the connection of {} broke", channel.remoteAddress(), cause);
        } else {
            LOG.error("the connection of {} failed unexpectedly", channel.remoteAddress(), cause);
        }
        ChannelFuture _ = ctx.close();
    }

    /** Moves on what can be; called whenever something changed. */
    private void pump() {
        if (pumping) {
            pumpAgain = true;
            return;
        }
        pumping = true;
        try {
            do {
                pumpAgain = false;
                writeWhatIsThere();
            } while (pumpAgain);
        } finally {
            pumping = false;
        }
        if (ending && !parting && answers.isEmpty()) {
            parting = true;
            Farewell.close(channel);
        }
        decoder.resumeIfPaused();
        if (!ticking && answers.workedOn().isPresent()) {
            scheduleTick();
        }
    }

    private void writeWhatIsThere() {
        boolean wrote = false;
        while (channel.isWritable()) {
            answers.begin();
            Optional<Frame> next = answers.next();
            if (next.isEmpty()) {
                break;
            }
            write(next.get());
            wrote = true;
        }
        if (wrote) {
            sentSinceTick = true;
            channel.flush();
        }
    }

    private void write(Frame frame) {
        ResponseHead head = frame.head();
        ByteBuf first = channel.alloc().ioBuffer(ResponseHead.BYTES);
        head.encode(first.internalNioBuffer(0, ResponseHead.BYTES));
        first.writerIndex(ResponseHead.BYTES);
        frame.failure().ifPresent(failure -> first.writeBytes(failure.messageBytes()));
        if (head.last()) {
            meters.answered(head.opcode(), head.status());
        }
        ChannelFuture _ = channel.write(first, channel.voidPromise());
        frame.bytes().ifPresent(bytes -> write(bytes, head.payloadBytes()));
    }

    private void write(PinnedBytes bytes, int count) {
        meters.pinned(count);
        meters.sent(count);
        Iterator<MemorySegment> segments = bytes.segments().iterator();
        ChannelFuture written = null;
        while (segments.hasNext()) {
            written = channel.write(Unpooled.wrappedBuffer(segments.next().asByteBuffer()));
        }
        if (written == null) {
            throw new IllegalStateException("bytes without a segment");
        }
        written.addListener(_ -> {
            bytes.close();
            meters.pinned(-count);
        });
    }

    private void scheduleTick() {
        ticking = true;
        sentSinceTick = false;
        Future<?> _ = channel.eventLoop().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        ticking = false;
        answers.expire(System.nanoTime());
        Optional<BlockRequest> workedOn = answers.workedOn();
        if (workedOn.isPresent() && !sentSinceTick && channel.isWritable()) {
            write(Frame.progress(workedOn.get()));
            channel.flush();
        }
        pump();
    }
}
