package io.headrace.client.local;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.local.LeaseRequest;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.protocol.local.LocalSockets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores of those workers of a cluster that run on this machine: their files are read by descriptors that they lend. What
 * cannot be read so is told by an empty answer, never by an exception, since the network is there too. Thread-safe.
 *
 * <p>A worker is on this machine when its socket is in the directory of the settings; that is looked for once a second. A
 * worker that does not own the block asked for is asked too, since it may have it, and is not asked for the same block again for
 * some seconds when it has not.
 */
public final class NodeStores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStores.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SWEEP_MILLIS = 1000;

    private final ClusterViews views;
    private final LocalSockets sockets;
    private final LocalWorker.Shared shared;
    private final ConcurrentHashMap<WorkerId, LocalWorker> workers = new ConcurrentHashMap<>();
    private final AtomicLong lookAt;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread sweeper =
            Thread.ofPlatform().daemon().name("headrace-local-sweep").unstarted(this::sweep);
    private volatile List<LocalWorker> present = List.of();

    /**
     * Owns none of these.
     *
     * @param token asked for at each question; a connection that was made with another one is not used any more
     */
    public NodeStores(ClusterViews views, LocalSettings settings, Supplier<Bytes> token) {
        this(views, new LocalWorker.Shared(settings, token, new LocalTally(), System::nanoTime));
    }

    NodeStores(ClusterViews views, LocalWorker.Shared shared) {
        this.views = views;
        this.shared = shared;
        this.sockets = shared.settings().sockets();
        this.lookAt = new AtomicLong(shared.nanoTicker().getAsLong());
        sweeper.start();
    }

    /**
     * The beginning of a range, as far as one worker of this machine has it; its first block or nothing. The caller closes it.
     *
     * @param owns whether a worker owns the first block
     */
    public Optional<LocalPart> find(FileVersion version, ByteRange range, Predicate<WorkerId> owns) {
        if (closed.getCount() == 0
                || version.lengthBytes() <= LeaseRequest.MOST_PACKED_BYTES
                || version.lengthBytes() > LeaseRequest.MOST_FILE_BYTES) {
            return Optional.empty();
        }
        List<LocalWorker> here = present();
        Optional<LocalPart> found = Optional.empty();
        for (int i = 0; i < here.size() && found.isEmpty(); i++) {
            LocalWorker worker = here.get(i);
            found = owns.test(worker.id()) ? worker.find(version, range, true) : Optional.empty();
        }
        for (int i = 0; i < here.size() && found.isEmpty(); i++) {
            LocalWorker worker = here.get(i);
            found = owns.test(worker.id()) ? Optional.empty() : worker.find(version, range, false);
        }
        return found;
    }

    public LocalTally tally() {
        return shared.tally();
    }

    private List<LocalWorker> present() {
        long now = shared.nanoTicker().getAsLong();
        long due = lookAt.get();
        if (now - due >= 0 && lookAt.compareAndSet(due, now + LOOK_NANOS)) {
            present = look();
        }
        return present;
    }

    private List<LocalWorker> look() {
        try {
            Set<String> names = sockets.present();
            List<LocalWorker> here = new ArrayList<>();
            for (Worker worker :
                    names.isEmpty() ? List.<Worker>of() : views.current().workers()) {
                if (names.contains(worker.id().value())) {
                    here.add(workers.computeIfAbsent(worker.id(), id -> new LocalWorker(id, sockets.of(id), shared)));
                }
            }
            return List.copyOf(here);
        } catch (IOException failure) {
            LOG.debug("the sockets of this machine's workers cannot be looked for", failure);
            return List.of();
        }
    }

    private void sweep() {
        try {
            while (!closed.await(SWEEP_MILLIS, TimeUnit.MILLISECONDS)) {
                workers.values().forEach(LocalWorker::sweep);
            }
        } catch (InterruptedException end) {
            LOG.debug("the sweeper was interrupted", end);
        } catch (Throwable unexpected) {
            LOG.error("what workers of this machine lent is not given back any more", unexpected);
        }
    }

    /** Gives everything back. Parts that are being read are closed by their readers. */
    @Override
    public void close() {
        closed.countDown();
        workers.values().forEach(LocalWorker::close);
    }
}
