package io.headrace.client.block;

import io.headrace.protocol.cluster.Worker;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket to a worker whose every wait ends: when bytes come, when none came for the stall timeout, or when it is closed.
 * One thread reads and writes; any may close it.
 */
final class PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final long NOT_WAITING = Long.MIN_VALUE;

    private final SocketChannel channel;
    private final Worker worker;
    private final Duration stallTimeout;
    private volatile long waitingSince = NOT_WAITING;
    private volatile boolean stalled;

    PeerLink(Worker worker, Duration stallTimeout) throws IOException {
        this.worker = worker;
        this.stallTimeout = stallTimeout;
        this.channel = SocketChannel.open();
    }

    void connect(Duration timeout) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(worker.blocks().host(), worker.blocks().port());
        if (address.isUnresolved()) {
            throw UnreachableWorkerException.because(name() + ": its host name is not known here");
        }
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, Math.toIntExact(timeout.toMillis()));
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException e) {
            throw new UnreachableWorkerException(name() + " cannot be connected to: " + e.getMessage(), e);
        }
    }

    /** Fills the first buffer; what else is there already goes into the others. */
    void read(ByteBuffer... buffers) throws IOException {
        while (buffers[0].hasRemaining()) {
            waitingSince = System.nanoTime();
            try {
                long count = buffers.length == 1 ? channel.read(buffers[0]) : channel.read(buffers);
                if (count < 0) {
                    throw new EOFException("it closed the connection");
                }
            } catch (IOException e) {
                throw explained(e);
            } finally {
                waitingSince = NOT_WAITING;
            }
        }
    }

    void write(ByteBuffer bytes) throws IOException {
        waitingSince = System.nanoTime();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw explained(e);
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    void closeIfStalled(long now) {
        long since = waitingSince;
        if (since != NOT_WAITING && now - since >= stallTimeout.toNanos()) {
            stalled = true;
            close();
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection to {} failed; it is not used any more", name(), e);
        }
    }

    /** As messages call the worker. */
    String name() {
        return "worker " + worker.id() + " at " + worker.blocks();
    }

    private IOException explained(IOException failure) {
        if (stalled) {
            return UnreachableWorkerException.silent(name() + " said nothing for " + stallTimeout.toMillis() + " ms");
        }
        if (failure instanceof ClosedByInterruptException || failure instanceof AsynchronousCloseException) {
            return failure;
        }
        return new UnreachableWorkerException(name() + " went away: " + failure.getMessage(), failure);
    }
}
