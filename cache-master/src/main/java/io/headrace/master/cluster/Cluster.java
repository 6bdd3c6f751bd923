package io.headrace.master.cluster;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.BindableService;
import io.headrace.protocol.cluster.ClusterViews;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of one cluster, kept on disk and served by gRPC. A thread of its own looks at them ten times in a heartbeat
 * interval: all changes since the last look make one view.
 *
 * <p>A view that cannot be saved is not shown, and saving is tried again at the next look: until then readers go on with
 * the last one.
 */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final int LOOKS_EACH_HEARTBEAT = 10;
    private static final long END_SECONDS = 10;

    private final Membership membership;
    private final MembershipFile file;
    private final ViewWatchers watchers;
    private final MembershipService service;
    private final ClusterMeters counts = new ClusterMeters();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("cluster-views").daemon().factory());
    private boolean failing;

    private Cluster(ClusterSettings settings, MembershipFile file, SavedState saved) {
        this.file = file;
        membership = new Membership(settings, saved, Ticker.systemTicker());
        watchers = new ViewWatchers(settings.mostWatchers(), membership.views());
        service = new MembershipService(membership, watchers, settings);
    }

    /**
     * @param directory the master's own, where nobody else keeps members; made when it is missing
     * @throws IOException when what is saved there cannot be read, or nothing can be saved
     */
    // The look's future is dropped: it handles its own failures, and close() ends it.
    @SuppressWarnings("FutureReturnValueIgnored")
    public static Cluster open(Path directory, ClusterSettings settings) throws IOException {
        MembershipFile file = new MembershipFile(directory);
        Optional<SavedState> saved = file.read();
        if (saved.isEmpty()) {
            saved = Optional.of(SavedState.fresh(Clock.systemUTC()));
            file.write(saved.get());
        }
        Cluster cluster = new Cluster(settings, file, saved.get());
        long interval = settings.heartbeat().toMillis() / LOOKS_EACH_HEARTBEAT;
        cluster.thread.scheduleWithFixedDelay(cluster::lookSafely, interval, interval, TimeUnit.MILLISECONDS);
        return cluster;
    }

    /** To be added to a server. */
    public BindableService service() {
        return service;
    }

    public ClusterViews views() {
        return membership;
    }

    /** Shows there what {@code ClusterMeters} lists. */
    public void measure(MeterRegistry registry) {
        counts.register(membership, watchers, registry);
    }

    public String clusterId() {
        return membership.clusterId();
    }

    /** How many follow the view. */
    public int watchers() {
        return watchers.count();
    }

    /** The thread's root: a mistake is shown, and does not end it. */
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.error("the members could not be looked at", e);
        }
    }

    private void look() {
        Optional<SavedState> next = membership.advance();
        if (next.isEmpty() || !save(next.get())) {
            return;
        }
        counts.changed(membership.current(), next.get().views().current());
        membership.publish(next.get());
        watchers.publish(next.get().views());
    }

    private boolean save(SavedState state) {
        try {
            file.write(state);
            failing = false;
            return true;
        } catch (IOException e) {
            if (!failing) {
                LOG.error("the cluster's view of epoch {} cannot be saved, so it is not shown yet", state.epoch(), e);
                failing = true;
            }
            return false;
        }
    }

    /** Ends the thread; streams end with their server. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the membership is still being saved after {} s", END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
