package io.headrace.client.block;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By TLS: records are decrypted into the caller's memory where it has room for a whole one, else by way of {@link #rest}.
 * An end without a farewell is an end: whether an answer is whole, its frames tell.
 */
final class TlsWire implements Wire {
    private static final Logger LOG = LoggerFactory.getLogger(TlsWire.class);

    /** Records that one call of the system may bring. */
    private static final int RECORDS = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final PlainWire socket;
    private final SSLEngine engine;

    /** From position to limit: encrypted, as it came. */
    private final ByteBuffer received;

    /** From position to limit: a record that was longer than the caller's memory. */
    private final ByteBuffer rest;

    private final ByteBuffer toSend;

    /** @param engine of a client, which has not shaken hands */
    TlsWire(SSLEngine engine) throws IOException {
        this.socket = new PlainWire();
        this.engine = engine;
        int record = engine.getSession().getPacketBufferSize();
        this.received = ByteBuffer.allocateDirect(RECORDS * record).limit(0);
        this.rest = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize())
                .limit(0);
        this.toSend = ByteBuffer.allocateDirect(record);
    }

    @Override
    public void connect(InetSocketAddress address, int timeoutMillis) throws IOException {
        socket.connect(address, timeoutMillis);
    }

    @Override
    public void shakeHands() throws IOException {
        engine.beginHandshake();
        try {
            while (goOn()) {
                if (decryptIntoRest() < 0) {
                    throw new SSLException("it closed the connection instead of shaking hands");
                }
            }
        } catch (SSLException refused) {
            tellTheWorker();
            throw refused;
        }
    }

    @Override
    public long read(ByteBuffer[] into) throws IOException {
        while (!rest.hasRemaining()) {
            SSLEngineResult result = engine.unwrap(received, into);
            long count = switch (result.getStatus()) {
                case OK -> result.bytesProduced();
                case BUFFER_OVERFLOW -> decryptIntoRest();
                case BUFFER_UNDERFLOW -> receive();
                case CLOSED -> -1;
            };
            if (count < 0 || result.bytesProduced() > 0) {
                return count;
            }
            boolean _ = goOn();
        }
        return takeRest(into);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            encrypt(bytes);
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Does what TLS wants to be done but for receiving; whether it waits for that. */
    private boolean goOn() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> encrypt(NOTHING);
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return true;
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return false;
                }
            }
        }
    }

    private void encrypt(ByteBuffer bytes) throws IOException {
        SSLEngineResult result = engine.wrap(bytes, toSend.clear());
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && result.bytesProduced() == 0) {
            throw new SSLException("the connection was closed by TLS");
        }
        socket.write(toSend.flip());
    }

    /** Returns 0 when there is something to go on with, -1 at the end. */
    private long decryptIntoRest() throws IOException {
        SSLEngineResult result = engine.unwrap(received, rest.clear());
        rest.flip();
        return switch (result.getStatus()) {
            case OK -> 0;
            case BUFFER_UNDERFLOW -> receive();
            case BUFFER_OVERFLOW -> throw new SSLException("a record is longer than TLS permits");
            case CLOSED -> -1;
        };
    }

    private long receive() throws IOException {
        received.compact();
        long count = socket.read(new ByteBuffer[] {received});
        received.flip();
        return Math.min(count, 0);
    }

    private long takeRest(ByteBuffer[] into) {
        long taken = 0;
        for (ByteBuffer buffer : into) {
            int count = Math.min(buffer.remaining(), rest.remaining());
            buffer.put(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
            taken += count;
        }
        return taken;
    }

    /** So that its log says why. */
    private void tellTheWorker() {
        try {
            boolean _ = goOn();
        } catch (IOException e) {
            LOG.debug("a worker was not told why it is refused", e);
        }
    }
}
