package io.headrace.master.cluster;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A membership on a clock that stands still until it is moved, looked at each 100 ms as a master does. */
final class SimulatedCluster {
    static final ClusterSettings SETTINGS = ClusterSettings.defaults();
    static final Duration LOOK = Duration.ofMillis(100);

    private final Membership membership;
    private long nanos = 5;
    private SavedState saved;

    SimulatedCluster() {
        this(SETTINGS, new SavedState("here", new KnownViews(new ClusterView(100, List.of()), List.of()), Set.of()));
    }

    SimulatedCluster(ClusterSettings settings, SavedState from) {
        saved = from;
        membership = new Membership(settings, from, () -> nanos);
    }

    /** The same cluster in a new process of the master. */
    SimulatedCluster restarted() {
        return new SimulatedCluster(SETTINGS, saved);
    }

    Membership membership() {
        return membership;
    }

    void join(int number) throws MembershipException {
        membership.register(worker(number), number, Optional.empty());
    }

    void beat(int number) throws MembershipException {
        membership.heartbeat(id(number), number, false, List.of(new TierUsage("disk", 1 << 20, 1 << 10)));
    }

    /** One look. */
    Optional<SavedState> look() {
        nanos += LOOK.toNanos();
        Optional<SavedState> next = membership.advance();
        next.ifPresent(state -> {
            saved = state;
            membership.publish(state);
        });
        return next;
    }

    /** Looks for so long, while these workers beat each second. */
    void pass(Duration time, int... living) throws MembershipException {
        for (long looks = 0; looks < time.dividedBy(LOOK); looks++) {
            if (looks % 10 == 0) {
                for (int number : living) {
                    beat(number);
                }
            }
            look();
        }
    }

    /** The process stands still, or the machine does. */
    void stall(Duration time) {
        nanos += time.toNanos();
    }

    ClusterView view() {
        return membership.current();
    }

    Map<WorkerId, WorkerState> states() {
        Map<WorkerId, WorkerState> states = new HashMap<>();
        view().workers().forEach(worker -> states.put(worker.id(), worker.state()));
        return states;
    }

    static WorkerId id(int number) {
        return new WorkerId("worker-" + number);
    }

    static Worker worker(int number) {
        return worker(number, "10.0." + number / 250 + "." + number % 250, WorkerState.ACTIVE);
    }

    static Worker worker(int number, String host, WorkerState state) {
        return new Worker(
                id(number),
                new Endpoint(host, 7000),
                new Topology("host-" + number, Optional.of("zone-" + number % 3), Optional.of("region")),
                1L << 40,
                state);
    }
}
