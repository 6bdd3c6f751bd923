package io.headrace.client.block;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Placement;
import io.headrace.protocol.cluster.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A placement as one client reads by it: of a block that is hot another of its owners of now comes first with each client, then
 * the owners as always.
 *
 * @param client a number that other clients do not have
 */
record SpreadPlacement(Placement usual, HotHints hints, long client) implements Placement {
    @Override
    public List<Worker> owners(FileVersion version, int block, ClusterView view, int replicas) {
        int count = hints.owners(version, block);
        if (count == 1) {
            return usual.owners(version, block, view, replicas);
        }
        List<Worker> owners = usual.owners(version, block, view, Math.max(count, replicas));
        if (owners.isEmpty()) {
            return owners;
        }
        Worker chosen = owners.get(choice(version, block, Math.min(count, owners.size())));
        List<Worker> order = new ArrayList<>(List.of(chosen));
        owners.stream().limit(replicas).filter(owner -> !owner.equals(chosen)).forEach(order::add);
        return List.copyOf(order);
    }

    private int choice(FileVersion version, int block, int count) {
        return new SplittableRandom(client ^ (31L * version.hashCode() + block)).nextInt(count);
    }
}
