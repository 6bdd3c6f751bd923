package io.headrace.client.block;

import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.tls.TlsTrouble;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
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

    private final Wire wire;
    private final Worker worker;
    private final Duration stallTimeout;
    private volatile long waitingSince = NOT_WAITING;
    private volatile boolean stalled;

    PeerLink(Worker worker, Wire wire, Duration stallTimeout) {
        this.worker = worker;
        this.wire = wire;
        this.stallTimeout = stallTimeout;
    }

    void connect(Duration timeout) throws IOException {
        InetSocketAddress address =
                new InetSocketAddress(worker.blocks().host(), worker.blocks().port());
        if (address.isUnresolved()) {
            throw UnreachableWorkerException.because(name() + ": its host name is not known here");
        }
        try {
            wire.connect(address, Math.toIntExact(timeout.toMillis()));
        } catch (ClosedChannelException closed) {
            throw closed;
        } catch (IOException e) {
            throw new UnreachableWorkerException(name() + " cannot be connected to: " + e.getMessage(), e);
        }
        waitingSince = System.nanoTime();
        try {
            wire.shakeHands();
        } catch (IOException e) {
            throw explained(e);
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    /** Fills the first buffer; what else is there already goes into the others. */
    void read(ByteBuffer... buffers) throws IOException {
        while (buffers[0].hasRemaining()) {
            waitingSince = System.nanoTime();
            try {
                if (wire.read(buffers) < 0) {
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
            wire.write(bytes);
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
        return wire.isOpen();
    }

    void close() {
        try {
            wire.close();
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
        String why = TlsTrouble.explain(failure).orElse("it went away: " + failure.getMessage());
        return new UnreachableWorkerException(name() + ": " + why, failure);
    }
}
