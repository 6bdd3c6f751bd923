package io.headrace.client.block;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Placement;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerState;
import java.util.ArrayList;
import java.util.List;

/** The owner of a block, then its replicas, as the newest view has them; those under suspicion last. */
record ClusterRoute(ClusterViews views, Placement placement, int replicas) implements BlockRoute {
    @Override
    public List<Stop> stops(FileVersion version, int block) {
        List<Stop> stops = new ArrayList<>();
        List<Stop> suspects = new ArrayList<>();
        for (Worker owner : placement.owners(version, block, views.current(), replicas)) {
            (owner.state() == WorkerState.SUSPECT ? suspects : stops).add(new Stop(owner, Reach.ORIGIN));
        }
        stops.addAll(suspects);
        return stops;
    }
}
