package io.headrace.client.block;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The connections of one process to all workers, a bounded number each, kept for the next reader for a minute. Remembers
 * which workers fail. Thread-safe.
 */
public final class WorkerConnections implements AutoCloseable {
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Retries come to 15 in a hundred requests, and ten a second; as many at once as may fail together when a worker dies. */
    private static final ShareBudget.Terms RETRIES = new ShareBudget.Terms(0.15, 10, 64);

    /** A worker that comes back elsewhere is another peer. */
    private record Place(WorkerId id, Endpoint endpoint) {}

    private final PeerSettings settings;
    private final Supplier<Bytes> token;
    private final Optional<TlsIdentity> tls;
    private final HotHints hints;
    private final PeerTally tally = new PeerTally();
    private final Hedges hedges;
    private final ShareBudget retries = new ShareBudget(RETRIES, System::nanoTime);
    private final ConcurrentHashMap<Place, WorkerPool> pools = new ConcurrentHashMap<>();
    private final AtomicLong sweepAt = new AtomicLong(System.nanoTime() + SWEEP_NANOS);
    private final ConnectionWatch watch = new ConnectionWatch(this::sweep);

    /** In plain text, and without second requests. */
    public WorkerConnections(PeerSettings settings, Supplier<Bytes> token) {
        this(settings, token, Optional.empty());
    }

    /** Without second requests. */
    public WorkerConnections(PeerSettings settings, Supplier<Bytes> token, Optional<TlsIdentity> tls) {
        this(settings, token, tls, HedgeSettings.off());
    }

    /**
     * @param token asked for at each use; a connection that was made with another one is not used any more
     * @param tls who this process is; empty for plain text
     * @param hedge when a read is put to a second worker
     */
    public WorkerConnections(
            PeerSettings settings, Supplier<Bytes> token, Optional<TlsIdentity> tls, HedgeSettings hedge) {
        this(settings, token, tls, hedge, System::nanoTime);
    }

    /**
     * Without second requests.
     *
     * @param time a clock that nobody sets, by which it is forgotten that a block was hot
     */
    public WorkerConnections(
            PeerSettings settings, Supplier<Bytes> token, Optional<TlsIdentity> tls, LongSupplier time) {
        this(settings, token, tls, HedgeSettings.off(), time);
    }

    private WorkerConnections(
            PeerSettings settings,
            Supplier<Bytes> token,
            Optional<TlsIdentity> tls,
            HedgeSettings hedge,
            LongSupplier time) {
        this.settings = settings;
        this.token = token;
        this.tls = tls;
        this.hints = new HotHints(time);
        this.hedges = new Hedges(hedge, settings.stallTimeout(), tally, time);
        watch.start();
    }

    PeerSettings settings() {
        return settings;
    }

    /**
     * Counts a request that is about to be made.
     *
     * @return false when it is a retry, and there were too many lately
     */
    boolean mayAskNow(boolean isRetry) {
        tally.requests.increment();
        if (!isRetry) {
            retries.earn();
            return true;
        }
        tally.retries.increment();
        boolean may = retries.spend();
        if (!may) {
            tally.retriesDelayed.increment();
        }
        return may;
    }

    /** How many workers are not asked now because they fail. */
    public long failingWorkers() {
        return pools.values().stream()
                .filter(pool -> pool.breaker().keepsAway())
                .count();
    }

    /** How many are asked after others because they were slower. */
    public long slowWorkers() {
        return pools.values().stream()
                .filter(pool -> pool.promptness().keepsAway())
                .count();
    }

    Hedges hedges() {
        return hedges;
    }

    public PeerTally tally() {
        return tally;
    }

    ConnectionWatch watch() {
        return watch;
    }

    /** What the workers said of hot blocks. */
    HotHints hints() {
        return hints;
    }

    Bytes token() {
        return token.get();
    }

    Wire wire(Worker worker) throws IOException {
        return tls.isEmpty()
                ? new PlainWire()
                : new TlsWire(tls.get()
                        .towardsWorker(worker.blocks().host(), worker.blocks().port()));
    }

    WorkerPool pool(Worker worker) {
        return pools.computeIfAbsent(
                new Place(worker.id(), worker.blocks()),
                place -> new WorkerPool(worker, settings.connectionsPerWorker()));
    }

    /** How many of this process read from the worker, or wait to. */
    int readers(Worker worker) {
        WorkerPool pool = pools.get(new Place(worker.id(), worker.blocks()));
        return pool == null ? 0 : pool.readers();
    }

    /** Ends all connections, and the reads on them. */
    @Override
    public void close() {
        hedges.close();
        watch.close();
    }

    private void sweep() {
        long now = System.nanoTime();
        if (now - sweepAt.get() >= 0) {
            sweepAt.set(now + SWEEP_NANOS);
            pools.values().forEach(pool -> pool.sweep(now));
        }
    }
}
