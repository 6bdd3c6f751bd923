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
    private static final long OVERLOADED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Of more data sets than this, a worker's copies are not looked for one by one. */
    private static final int MOST_MOUNTS = 1024;

    private record Idle(BlockConnection connection, long since) {}

    private final Worker worker;
    private final Breaker breaker = Breaker.ofFailures(System::nanoTime);
    private final Breaker promptness = Breaker.ofSlowness(System::nanoTime);
    private final Pace pace = new Pace();
    private final int mostConnections;
    private final Semaphore turns;
    private final Map<MountId, CopyOdds> copies = new ConcurrentHashMap<>();
    private final CopyOdds otherCopies = new CopyOdds();
    private volatile long overloadedUntil = System.nanoTime();

    @GuardedBy("this")
    private final Deque<Idle> idle = new ArrayDeque<>();

    WorkerPool(Worker worker, int mostConnections) {
        this.worker = worker;
        this.mostConnections = mostConnections;
        this.turns = new Semaphore(mostConnections, true);
    }

    Worker worker() {
        return worker;
    }

    Breaker breaker() {
        return breaker;
    }

    /** A failure is an answer that came after another worker's, who was asked later; who is not to be asked goes behind others. */
    Breaker promptness() {
        return promptness;
    }

    Pace pace() {
        return pace;
    }

    void saidOverloaded() {
        overloadedUntil = System.nanoTime() + OVERLOADED_NANOS;
    }

    /** It said so within a second: nothing is asked of it that need not be. */
    boolean isOverloaded() {
        return System.nanoTime() - overloadedUntil < 0;
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

    /** Who uses a connection or waits for one; an estimate while others come and go. */
    int readers() {
        return mostConnections - turns.availablePermits() + turns.getQueueLength();
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
