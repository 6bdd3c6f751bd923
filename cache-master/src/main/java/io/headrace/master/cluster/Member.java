package io.headrace.master.cluster;

import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.util.List;

/** What is known of one worker. Guarded by its membership's lock. */
final class Member {
    private Worker worker;
    private long process;
    private long heardNanos;
    private boolean heard;
    private boolean saysDraining;
    private boolean drainWanted;
    private List<TierUsage> tiers = List.of();

    private Member(Worker worker, long nowNanos) {
        this.worker = worker;
        heardNanos = nowNanos;
        saysDraining = worker.state() == WorkerState.DRAINING;
    }

    static Member joined(Worker worker, long process, long nowNanos) {
        Member member = new Member(worker, nowNanos);
        member.register(worker, process, nowNanos);
        return member;
    }

    /** One of the view before a restart: unheard of yet, and its silence begins now. */
    static Member remembered(Worker worker, boolean drainWanted, long nowNanos) {
        Member member = new Member(worker, nowNanos);
        member.drainWanted = drainWanted;
        return member;
    }

    void register(Worker announced, long byProcess, long nowNanos) {
        worker = announced;
        process = byProcess;
        hear(announced.state() == WorkerState.DRAINING, nowNanos);
    }

    void hear(boolean draining, long nowNanos) {
        heard = true;
        heardNanos = nowNanos;
        saysDraining = draining;
    }

    void tell(List<TierUsage> newTiers) {
        tiers = newTiers;
    }

    void wantDrain() {
        drainWanted = true;
    }

    /** The worker as a view shows it; the same object while nothing changes. */
    Worker worker(long nowNanos, long suspectNanos) {
        WorkerState state = saysDraining || drainWanted
                ? WorkerState.DRAINING
                : !heard || silence(nowNanos) >= suspectNanos ? WorkerState.SUSPECT : WorkerState.ACTIVE;
        if (worker.state() != state) {
            worker = new Worker(worker.id(), worker.blocks(), worker.topology(), worker.capacityBytes(), state);
        }
        return worker;
    }

    long silence(long nowNanos) {
        return nowNanos - heardNanos;
    }

    boolean isOf(long byProcess) {
        return heard && process == byProcess;
    }

    WorkerId id() {
        return worker.id();
    }

    Endpoint endpoint() {
        return worker.blocks();
    }

    boolean isDrainWanted() {
        return drainWanted;
    }

    List<TierUsage> tiers() {
        return tiers;
    }
}
