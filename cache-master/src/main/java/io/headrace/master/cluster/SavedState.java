package io.headrace.master.cluster;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.WorkerId;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What outlives a restart of the master.
 *
 * @param drainWanted the workers that were asked to leave
 */
record SavedState(String clusterId, KnownViews views, Set<WorkerId> drainWanted) {
    SavedState {
        drainWanted = Set.copyOf(drainWanted);
    }

    /**
     * A new cluster. Its epochs begin at the present millisecond: views come less often, so one that is built again after
     * a loss repeats no epoch of the lost one.
     */
    static SavedState fresh(Clock clock) {
        ClusterView empty = new ClusterView(clock.millis(), List.of());
        return new SavedState(UUID.randomUUID().toString(), new KnownViews(empty, List.of()), Set.of());
    }

    long epoch() {
        return views.current().epoch();
    }
}
