package io.headrace.protocol.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The workers of a view that own blocks, ready for many draws: in the order of their ids, so that the first wins a tie. */
final class ViewWeights {
    static final int NO_ZONE = -1;

    private static final double DRAWS = 0x1p52;

    private final ClusterView view;
    private final List<Worker> owners;
    private final long[] hashes;
    private final double[] capacities;
    private final int[] zones;
    private final int[] hosts;

    private record Zone(Optional<String> region, String name) {}

    private ViewWeights(ClusterView view, List<Worker> owners) {
        this.view = view;
        this.owners = owners;
        hashes = owners.stream()
                .mapToLong(worker -> PlacementKey.hash(worker.id()))
                .toArray();
        capacities = owners.stream().mapToDouble(Worker::capacityBytes).toArray();
        Map<Zone, Integer> zoneNumbers = new HashMap<>();
        Map<String, Integer> hostNumbers = new HashMap<>();
        zones = owners.stream()
                .map(Worker::topology)
                .mapToInt(topology -> topology.zone()
                        .map(name -> number(zoneNumbers, new Zone(topology.region(), name)))
                        .orElse(NO_ZONE))
                .toArray();
        hosts = owners.stream()
                .mapToInt(worker -> number(hostNumbers, worker.topology().host()))
                .toArray();
    }

    static ViewWeights of(ClusterView view) {
        return new ViewWeights(
                view, view.workers().stream().filter(Worker::ownsBlocks).toList());
    }

    ClusterView view() {
        return view;
    }

    Worker worker(int index) {
        return owners.get(index);
    }

    int zone(int index) {
        return zones[index];
    }

    int host(int index) {
        return hosts[index];
    }

    /** Whose score is the least; -1 when nobody owns blocks. */
    int least(long fileHash) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < hashes.length; i++) {
            double score = score(fileHash, i);
            if (score < least) {
                least = score;
                best = i;
            }
        }
        return best;
    }

    double[] scores(long fileHash) {
        double[] scores = new double[hashes.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = score(fileHash, i);
        }
        return scores;
    }

    /** Half a step above each of 2<sup>52</sup> even steps: exact in a double, never 0 and never 1. */
    private double score(long fileHash, int index) {
        long bits = RendezvousPlacement.drawnBits(fileHash, hashes[index]);
        double u = ((bits >>> 12) + 0.5) / DRAWS;
        return -Math.log(u) / capacities[index];
    }

    private static <T> int number(Map<T, Integer> numbers, T of) {
        return numbers.computeIfAbsent(of, name -> numbers.size());
    }
}
