package io.headrace.client.block;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** In plain text: bytes go from the socket into the caller's memory. */
final class PlainWire implements Wire {
    private final SocketChannel channel;

    PlainWire() throws IOException {
        this.channel = SocketChannel.open();
    }

    @Override
    public void connect(InetSocketAddress address, int timeoutMillis) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.socket().connect(address, timeoutMillis);
    }

    @Override
    public void shakeHands() {}

    @Override
    public long read(ByteBuffer[] into) throws IOException {
        return into.length == 1 ? channel.read(into[0]) : channel.read(into);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
