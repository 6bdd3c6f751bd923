package io.headrace.master.cluster;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * What changes in a cluster: {@code headrace.cluster.members} by state and {@code .epoch} as the view shows them, {@code .watchers}
 * now; {@code .views} and {@code .suspicions} since the start. One thread counts.
 */
final class ClusterMeters {
    private final AtomicLong views = new AtomicLong();
    private final AtomicLong suspicions = new AtomicLong();

    void register(Membership membership, ViewWatchers watchers, MeterRegistry registry) {
        for (WorkerState state : WorkerState.values()) {
            Gauge.builder(
                            "headrace.cluster.members",
                            membership,
                            members -> in(state, members.current()).size())
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder(
                        "headrace.cluster.epoch",
                        membership,
                        members -> members.current().epoch())
                .register(registry);
        Gauge.builder("headrace.cluster.watchers", watchers, ViewWatchers::count)
                .register(registry);
        FunctionCounter.builder("headrace.cluster.views", views, AtomicLong::get)
                .register(registry);
        FunctionCounter.builder("headrace.cluster.suspicions", suspicions, AtomicLong::get)
                .register(registry);
    }

    void changed(ClusterView before, ClusterView after) {
        views.incrementAndGet();
        Set<WorkerId> known = in(WorkerState.SUSPECT, before);
        suspicions.addAndGet(in(WorkerState.SUSPECT, after).stream()
                .filter(worker -> !known.contains(worker))
                .count());
    }

    private static Set<WorkerId> in(WorkerState state, ClusterView view) {
        return view.workers().stream()
                .filter(worker -> worker.state() == state)
                .map(Worker::id)
                .collect(Collectors.toSet());
    }
}
