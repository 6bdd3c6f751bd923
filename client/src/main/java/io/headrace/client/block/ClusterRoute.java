package io.headrace.client.block;

import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The owners of a block as the newest view has them, the nearest first, those under suspicion last. All clients let the same
 * worker fetch what nobody keeps, wherever they stand: the first owner that is not under suspicion, so that bytes leave the
 * origin once. Who is nearer than that one is asked before it for what it keeps, and after it, when it failed, for all.
 */
final class ClusterRoute implements BlockRoute {
    private final Cluster cluster;
    private final Standpoint standpoint;
    private final PermittedView permitted;

    ClusterRoute(Cluster cluster, Standpoint standpoint) {
        this.cluster = cluster;
        this.standpoint = standpoint;
        this.permitted = new PermittedView(standpoint);
    }

    @Override
    public List<Stop> stops(FileVersion version, int block) {
        List<Worker> owners = cluster.placement()
                .owners(version, block, permitted.of(cluster.views().current()), cluster.replicas());
        if (owners.isEmpty()) {
            return List.of();
        }
        Worker fetching =
                owners.stream().filter(owner -> !isSuspect(owner)).findFirst().orElse(owners.getFirst());
        List<Worker> sorted = owners.stream().sorted(order(version, block)).toList();
        List<Stop> stops = new ArrayList<>();
        sorted.subList(0, sorted.indexOf(fetching)).stream()
                .filter(copy -> !isSuspect(copy))
                .forEach(copy -> stops.add(new Stop(copy, Reach.CACHED)));
        stops.add(new Stop(fetching, Reach.ORIGIN));
        sorted.stream()
                .filter(owner -> !owner.equals(fetching))
                .forEach(owner -> stops.add(new Stop(owner, Reach.ORIGIN)));
        return stops;
    }

    @Override
    public String nobody() {
        return standpoint.affinity().isStrong()
                ? "no worker is known" + standpoint.place() + ", and affinity.mode asks no other"
                : BlockRoute.super.nobody();
    }

    /** Sorting keeps the order of equals. */
    private Comparator<Worker> order(FileVersion version, int block) {
        Comparator<Worker> suspectsLast = Comparator.comparing(ClusterRoute::isSuspect);
        return standpoint.affinity() == Affinity.NONE
                ? suspectsLast
                : suspectsLast
                        .thenComparing((Worker worker) -> standpoint.to(worker))
                        .thenComparingLong(worker -> standpoint.draw(version, block, worker));
    }

    private static boolean isSuspect(Worker worker) {
        return worker.state() == WorkerState.SUSPECT;
    }
}
