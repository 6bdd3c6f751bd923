package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A part of a range from one worker, on a connection of its pool, for which it has a turn until it is closed. A connection
 * that waited in the pool may have been closed by the worker meanwhile: the first read then makes a new one.
 */
final class WorkerStream implements ByteStream {
    private final WorkerConnections connections;
    private final WorkerPool pool;
    private final Asked asked;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable BlockConnection connection;
    private boolean isFirstUse;
    private boolean hasBytes;

    /** What is asked for. */
    record Asked(FileVersion version, ByteRange range, ReadTerms terms) {}

    /** Takes over a turn of the pool. */
    WorkerStream(WorkerConnections connections, WorkerPool pool, Asked asked) {
        this.connections = connections;
        this.pool = pool;
        this.asked = asked;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int start = into.position();
        try {
            int count = readOrConnect(into);
            if (!hasBytes && asksForCopy()) {
                copies().had();
            }
            hasBytes = true;
            pool.breaker().answered();
            return count;
        } catch (UnreachableWorkerException broken) {
            if (isFirstUse || hasBytes || broken.isSilent() || closed.get()) {
                throw broken;
            }
            pool.dropIdle();
            into.position(start);
            isFirstUse = true;
            connection = null;
            return readOrConnect(into);
        }
    }

    @Override
    public long end() {
        return asked.range().end();
    }

    /** A worker cannot be told. */
    @Override
    public void urge(FetchReason reason) {}

    @Override
    public void release() {
        if (closed.compareAndSet(false, true)) {
            BlockConnection used = connection;
            if (used != null && used.isReusable()) {
                pool.keep(used);
            } else if (used != null) {
                used.close();
            }
            pool.endTurn();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            BlockConnection used = connection;
            if (used != null) {
                used.close();
            }
            pool.endTurn();
        }
    }

    @Override
    public Optional<Stop> stop() {
        return Optional.of(new Stop(pool.worker(), asked.terms().reach()));
    }

    @Override
    public String name() {
        return pool.worker().id().toString();
    }

    WorkerPool pool() {
        return pool;
    }

    /** Whether the worker said that it has nothing to say yet: it is alive, and waits for its disk or its origin. */
    boolean isWorkedOn() {
        BlockConnection used = connection;
        return used != null && used.isWorkedOn();
    }

    @Override
    public void failed(IOException failure) {
        if (failure instanceof PeerException refusal && refusal.status() == Status.OVERLOADED) {
            pool.saidOverloaded();
        }
        if (failure instanceof PeerException refusal && refusal.status() == Status.NOT_HERE && asksForCopy()) {
            copies().lacked();
        }
        boolean answered = switch (failure) {
            case PeerException refusal ->
                refusal.status() != Status.WORKER_FAILED && refusal.status() != Status.BAD_FRAME;
            default -> failure instanceof OriginException;
        };
        if (answered) {
            pool.breaker().answered();
        } else {
            pool.breaker().failed();
        }
    }

    private boolean asksForCopy() {
        return asked.terms().reach() == Reach.CACHED;
    }

    private CopyOdds copies() {
        return pool.copies(asked.version().mount());
    }

    private int readOrConnect(ByteBuffer into) throws IOException {
        BlockConnection used = connection;
        if (used == null) {
            Optional<BlockConnection> kept = isFirstUse ? Optional.empty() : pool.poll(connections.token());
            isFirstUse = kept.isEmpty();
            used = kept.isPresent() ? kept.get() : BlockConnection.to(pool.worker(), connections);
            connection = used;
            if (closed.get()) {
                used.close();
                throw new AsynchronousCloseException();
            }
            if (isFirstUse) {
                used.open(connections.settings().connectTimeout());
            }
            used.begin(asked.version(), asked.range(), asked.terms());
        }
        return used.read(into);
    }
}
