package io.headrace.client.block;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A socket to a worker. One thread reads and writes, and waits as long as it takes; any may close it. */
interface Wire {
    void connect(InetSocketAddress address, int timeoutMillis) throws IOException;

    /** Does what both sides do before the first byte of the block protocol. */
    void shakeHands() throws IOException;

    /** Waits for bytes and puts them into the buffers, one after the other. Returns how many; -1 behind the last. */
    long read(ByteBuffer[] into) throws IOException;

    /** Sends all of them. */
    void write(ByteBuffer bytes) throws IOException;

    boolean isOpen();

    void close() throws IOException;
}
