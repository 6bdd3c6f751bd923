package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The connections to one worker: a bounded number in use, and those that wait for the next reader. Thread-safe. */
final class WorkerPool {
    private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Of more data sets than this, a worker's copies are not looked for one by one. */
    private static final int MOST_MOUNTS = 1024;

    private record Idle(BlockConnection connection, long since) {}

    private final Worker worker;
    private final Breaker breaker = new Breaker(System::nanoTime);
    private final Semaphore turns;
    private final Map<MountId, CopyOdds> copies = new ConcurrentHashMap<>();
    private final CopyOdds otherCopies = new CopyOdds();

    @GuardedBy("this")
    private final Deque<Idle> idle = new ArrayDeque<>();

    WorkerPool(Worker worker, int mostConnections) {
        this.worker = worker;
        this.turns = new Semaphore(mostConnections, true);
    }

    Worker worker() {
        return worker;
    }

    Breaker breaker() {
        return breaker;
    }

    /** Whether it keeps what it need not. */
    CopyOdds copies(MountId mount) {
        CopyOdds known = copies.get(mount);
        if (known != null) {
            return known;
        }
        return copies.size() < MOST_MOUNTS ? copies.computeIfAbsent(mount, _ -> new CopyOdds()) : otherCopies;
    }

    /** Waits for leave to use a connection; false when it did not come in time. */
    boolean awaitTurn(long nanos) throws InterruptedException {
        return turns.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    }

    void endTurn() {
        turns.release();
    }

    /** The connection that was used last, of those that wait and showed this token. */
    synchronized Optional<BlockConnection> poll(Bytes token) {
        while (!idle.isEmpty()) {
            BlockConnection connection = idle.pop().connection();
            if (connection.isReusable() && connection.showed(token)) {
                return Optional.of(connection);
            }
            connection.close();
        }
        return Optional.empty();
    }

    synchronized void keep(BlockConnection connection) {
        idle.push(new Idle(connection, System.nanoTime()));
    }

    /** One of them was found dead: the others are as old. */
    void dropIdle() {
        dropIdleSince(Long.MAX_VALUE);
    }

    /** Closes those that nobody used for a minute. */
    void sweep(long now) {
        dropIdleSince(now - MOST_IDLE_NANOS);
    }

    private void dropIdleSince(long moment) {
        List<BlockConnection> dropped = new ArrayList<>();
        synchronized (this) {
            while (!idle.isEmpty()
                    && (moment == Long.MAX_VALUE || idle.getLast().since() - moment < 0)) {
                dropped.add(idle.removeLast().connection());
            }
        }
        dropped.forEach(BlockConnection::close);
    }
}
