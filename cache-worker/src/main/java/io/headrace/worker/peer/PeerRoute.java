package io.headrace.worker.peer;

import io.headrace.client.block.BlockRoute;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Distance;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may still keep a block: its other owners of now, whose replica may be filled already, then who drains, whatever it
 * owned, since it hands over all that it keeps, then the owners in the earlier views, the newest first; of each of these the
 * nearest first. Each where it is now, if the newest view has it, those under suspicion last; a worker that left the cluster is not asked.
 */
record PeerRoute(Neighbourhood neighbourhood) implements BlockRoute {
    private static final int MOST_STOPS = 4;

    @Override
    public List<Stop> stops(FileVersion version, int block) {
        ClusterView now = neighbourhood.views().current();
        Map<WorkerId, Worker> members = new HashMap<>();
        now.workers().forEach(worker -> members.put(worker.id(), worker));
        Comparator<Worker> order = nearestFirst(Optional.ofNullable(members.remove(neighbourhood.self())));
        List<Stop> stops = new ArrayList<>();
        List<Stop> suspects = new ArrayList<>();
        List<Worker> candidates = new ArrayList<>();
        owners(version, block, now).stream().sorted(order).forEach(candidates::add);
        now.workers().stream()
                .filter(worker -> !worker.ownsBlocks())
                .sorted(order)
                .forEach(candidates::add);
        for (ClusterView view : neighbourhood.views().earlier()) {
            owners(version, block, view).stream().sorted(order).forEach(candidates::add);
        }
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

    /** Sorting keeps the order of equals; so it does of all for a worker that is no member yet. */
    private static Comparator<Worker> nearestFirst(Optional<Worker> self) {
        return Comparator.comparing(worker ->
                self.map(here -> here.topology().distanceTo(worker.topology())).orElse(Distance.FAR));
    }

    private List<Worker> owners(FileVersion version, int block, ClusterView view) {
        return neighbourhood.placement().owners(version, block, view, neighbourhood.replicas());
    }
}
