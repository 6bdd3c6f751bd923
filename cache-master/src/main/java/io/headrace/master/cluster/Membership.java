package io.headrace.master.cluster;

import com.github.benmanes.caffeine.cache.Ticker;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the cluster: what workers said and how long they have been silent, and the view that follows. It has no
 * thread and does no I/O. Somebody calls {@link #advance} a few times in each heartbeat interval, saves what it returns,
 * and then gives it to {@link #publish}: nobody sees an epoch that a restart could take back.
 *
 * <p>A worker is ACTIVE when it was heard of lately, SUSPECT when not, and gone when it stays silent. One who says that it
 * drains, or was asked to, is DRAINING until it leaves or is gone. After a restart all workers of the last view are
 * SUSPECT until they are heard of. Silence counts only while this process listened ({@link ListeningClock}).
 *
 * <p>Thread-safe; {@code advance} and {@code publish} belong to one thread. No call waits.
 */
public final class Membership implements ClusterViews {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final ClusterSettings settings;
    private final ListeningClock clock;
    private final String clusterId;
    private final Map<WorkerId, Member> members = new TreeMap<>();
    private SavedState last;
    private volatile KnownViews published;

    Membership(ClusterSettings settings, SavedState saved, Ticker ticker) {
        this.settings = settings;
        clock = new ListeningClock(ticker, settings.heartbeat());
        clusterId = saved.clusterId();
        last = saved;
        published = saved.views();
        for (Worker worker : saved.views().current().workers()) {
            boolean drainWanted = saved.drainWanted().contains(worker.id());
            members.put(worker.id(), Member.remembered(worker, drainWanted, clock.nanos()));
        }
    }

    /** A member as it is now, of whom the view shows only what concerns placement. */
    public record MemberReport(Worker worker, Duration silence, boolean drainWanted, List<TierUsage> tiers) {}

    public String clusterId() {
        return clusterId;
    }

    @Override
    public ClusterView current() {
        return published.current();
    }

    @Override
    public List<ClusterView> earlier() {
        return published.earlier();
    }

    KnownViews views() {
        return published;
    }

    /**
     * Takes a worker in, or back. A process that is known may change everything but its id. A new worker at the address of
     * one that is silent takes its place: its disk was replaced.
     *
     * @param worker DRAINING when it says so, else ACTIVE
     * @param process tells it from an earlier process of the same worker
     * @param cluster that its cache belongs to; empty when it is new
     */
    synchronized void register(Worker worker, long process, Optional<String> cluster) throws MembershipException {
        if (cluster.isPresent() && !cluster.get().equals(clusterId)) {
            throw new MembershipException.ForeignCluster(worker.id(), cluster.get(), clusterId);
        }
        long now = clock.nanos();
        Optional<Member> known = Optional.ofNullable(members.get(worker.id()));
        if (known.isPresent()) {
            requireSameOrSilent(known.get(), worker, process, now);
        }
        Optional<Member> neighbour = otherAt(worker);
        if (neighbour.isPresent() && !isSilent(neighbour.get(), now)) {
            throw new MembershipException.TakenAddress(
                    worker.id(), worker.blocks(), neighbour.get().id());
        }
        if (known.isEmpty() && neighbour.isEmpty() && members.size() >= settings.mostWorkers()) {
            throw new MembershipException.ClusterFull(worker.id(), settings.mostWorkers());
        }
        neighbour.ifPresent(replaced -> {
            members.remove(replaced.id());
            LOG.warn("worker {} is in the place of worker {}, which was silent", worker.id(), replaced.id());
        });
        take(known, worker, process, now);
    }

    private void take(Optional<Member> known, Worker worker, long process, long now) {
        if (known.isPresent()) {
            known.get().register(worker, process, now);
            LOG.info("worker {} is back at {}", worker.id(), worker.blocks());
        } else {
            members.put(worker.id(), Member.joined(worker, process, now));
            LOG.info("worker {} joined at {}", worker.id(), worker.blocks());
        }
    }

    private void requireSameOrSilent(Member known, Worker worker, long process, long now) throws MembershipException {
        boolean same = known.isOf(process) || known.endpoint().equals(worker.blocks());
        if (!same && !isSilent(known, now)) {
            throw new MembershipException.DuplicateWorker(
                    worker.id(), known.endpoint(), worker.blocks(), settings.suspectAfter());
        }
    }

    private Optional<Member> otherAt(Worker worker) {
        return members.values().stream()
                .filter(member -> member.endpoint().equals(worker.blocks())
                        && !member.id().equals(worker.id()))
                .findFirst();
    }

    private boolean isSilent(Member member, long now) {
        return member.silence(now) >= settings.suspectAfter().toNanos();
    }

    /**
     * Notes that a worker lives.
     *
     * @return whether somebody asked that it drains
     */
    synchronized boolean heartbeat(WorkerId id, long process, boolean draining, List<TierUsage> tiers)
            throws MembershipException {
        Member member = Optional.ofNullable(members.get(id))
                .filter(known -> known.isOf(process))
                .orElseThrow(() -> new MembershipException.UnknownWorker(id));
        member.hear(draining, clock.nanos());
        member.tell(List.copyOf(tiers));
        return member.isDrainWanted();
    }

    /** Lets a worker go; nothing when it is gone, or another process is in its place. */
    synchronized void leave(WorkerId id, long process) {
        if (Optional.ofNullable(members.get(id))
                .filter(known -> known.isOf(process))
                .isPresent()) {
            members.remove(id);
            LOG.info("worker {} left", id);
        }
    }

    /** Asks a worker to hand over its blocks and leave. */
    synchronized void drain(WorkerId id) throws MembershipException {
        Optional.ofNullable(members.get(id))
                .orElseThrow(() -> new MembershipException.UnknownWorker(id))
                .wantDrain();
        LOG.info("worker {} was asked to drain", id);
    }

    synchronized List<MemberReport> report() {
        long now = clock.nanos();
        return members.values().stream()
                .map(member -> new MemberReport(
                        member.worker(now, settings.suspectAfter().toNanos()),
                        Duration.ofNanos(member.silence(now)),
                        member.isDrainWanted(),
                        member.tiers()))
                .toList();
    }

    /** What is to be saved and then published, when time or a worker changed it since the last call. */
    synchronized Optional<SavedState> advance() {
        long now = clock.nanos();
        removeSilent(now);
        List<Worker> workers = new ArrayList<>(members.size());
        Set<WorkerId> drainWanted = new HashSet<>();
        for (Member member : members.values()) {
            workers.add(member.worker(now, settings.suspectAfter().toNanos()));
            if (member.isDrainWanted()) {
                drainWanted.add(member.id());
            }
        }
        boolean same = workers.equals(last.views().current().workers()) && drainWanted.equals(last.drainWanted());
        if (!same) {
            ClusterView next = new ClusterView(last.epoch() + 1, workers);
            last = new SavedState(clusterId, published.next(next, settings.earlierViews()), drainWanted);
        }
        return last.epoch() == published.current().epoch() ? Optional.empty() : Optional.of(last);
    }

    /** Shows everybody what {@link #advance} returned. */
    void publish(SavedState saved) {
        published = saved.views();
    }

    private void removeSilent(long now) {
        for (Iterator<Member> all = members.values().iterator(); all.hasNext(); ) {
            Member member = all.next();
            if (member.silence(now) >= settings.removeAfter().toNanos()) {
                all.remove();
                LOG.warn(
                        "worker {} at {} was silent for {} and is no member any more",
                        member.id(),
                        member.endpoint(),
                        settings.removeAfter());
            }
        }
    }
}
