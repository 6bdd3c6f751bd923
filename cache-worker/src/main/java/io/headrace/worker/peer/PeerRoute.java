package io.headrace.worker.peer;

import io.headrace.client.block.BlockRoute;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may still keep a block: its other owners of now, whose replica may be filled already, then who drains, whatever it
 * owned, since it hands over all that it keeps, then the owners in the earlier views, the newest first. Each where it is
 * now, if the newest view has it, those under suspicion last; a worker that left the cluster is not asked.
 */
record PeerRoute(Neighbourhood neighbourhood) implements BlockRoute {
    private static final int MOST_STOPS = 4;

    @Override
    public List<Stop> stops(FileVersion version, int block) {
        ClusterView now = neighbourhood.views().current();
        Map<WorkerId, Worker> members = new HashMap<>();
        now.workers().forEach(worker -> members.put(worker.id(), worker));
        members.remove(neighbourhood.self());
        List<Stop> stops = new ArrayList<>();
        List<Stop> suspects = new ArrayList<>();
        List<Worker> candidates = new ArrayList<>(owners(version, block, now));
        now.workers().stream().filter(worker -> !worker.ownsBlocks()).forEach(candidates::add);
        neighbourhood.views().earlier().forEach(view -> candidates.addAll(owners(version, block, view)));
        for (Worker candidate : candidates) {
            // Each is asked once.
            Worker member = members.remove(candidate.id());
            if (member != null) {
                (member.state() == WorkerState.SUSPECT ? suspects : stops).add(new Stop(member, Reach.CACHED));
            }
        }
        stops.addAll(suspects);
        return stops.subList(0, Math.min(MOST_STOPS, stops.size()));
    }

    private List<Worker> owners(FileVersion version, int block, ClusterView view) {
        return neighbourhood.placement().owners(version, block, view, neighbourhood.replicas());
    }
}
