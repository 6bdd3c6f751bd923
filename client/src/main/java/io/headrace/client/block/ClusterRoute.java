package io.headrace.client.block;

import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.Distance;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The owners of a block as the newest view has them, the nearest first, those under suspicion last; of those equally near the
 * one from which this client reads least at present, so that no link waits while another is full. All clients let the same
 * worker fetch what nobody keeps, wherever they stand: the first owner that is not under suspicion, so that bytes leave the
 * origin once. Who is nearer than that one is asked before it for what it keeps, and after it, when it failed, for all.
 */
final class ClusterRoute implements BlockRoute {
    private final Cluster cluster;
    private final Standpoint standpoint;
    private final PermittedView permitted;
    private final ToIntFunction<Worker> readers;

    /** @param readers how many of this client read from a worker at present, or wait to */
    ClusterRoute(Cluster cluster, Standpoint standpoint, ToIntFunction<Worker> readers) {
        this.readers = readers;
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
        List<Worker> sorted = sorted(owners, version, block);
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

    /** What decides about an owner, read once: others begin and end their reads meanwhile. */
    private record Candidate(Worker worker, Distance distance, int readers, long draw) {}

    /** Sorting keeps the order of equals. */
    private List<Worker> sorted(List<Worker> owners, FileVersion version, int block) {
        if (owners.size() == 1) {
            return owners;
        }
        Comparator<Candidate> suspectsLast = Comparator.comparing(owner -> isSuspect(owner.worker()));
        Comparator<Candidate> order = standpoint.affinity() == Affinity.NONE
                ? suspectsLast
                : suspectsLast
                        .thenComparing(Candidate::distance)
                        .thenComparingInt(Candidate::readers)
                        .thenComparingLong(Candidate::draw);
        return owners.stream()
                .map(owner -> new Candidate(
                        owner, standpoint.to(owner), readers.applyAsInt(owner), standpoint.draw(version, block, owner)))
                .sorted(order)
                .map(Candidate::worker)
                .toList();
    }

    private static boolean isSuspect(Worker worker) {
        return worker.state() == WorkerState.SUSPECT;
    }
}
