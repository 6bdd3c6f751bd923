package io.headrace.worker.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection so that the peer gets the last words: a close with bytes unread would reset the connection, and the
 * reset could overtake them.
 */
final class Farewell {
    private static final long MOST_LINGER_MILLIS = 1000;

    private Farewell() {}

    /** Sends what was written, then ends our half, and closes when the peer has ended its own or after a second. */
    static void close(Channel channel) {
        ChannelFuture sent = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        sent.addListener(_ -> {
            if (sent.isSuccess() && channel instanceof DuplexChannel duplex) {
                ChannelFuture _ = duplex.shutdownOutput();
                Future<?> _ =
                        channel.eventLoop().schedule(() -> end(channel), MOST_LINGER_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                end(channel);
            }
        });
    }

    private static void end(Channel channel) {
        ChannelFuture _ = channel.close();
    }
}
