package io.headrace.protocol.cluster;

import java.util.ArrayList;
import java.util.List;

/** Picks the owners of one block, one after the other, spread over zones and hosts as {@link RendezvousPlacement} says. */
final class ReplicaChoice {
    private static final int OTHER_ZONE = 0;
    private static final int OTHER_HOST = 1;
    private static final int ANY = 2;
    private static final double CHOSEN = Double.POSITIVE_INFINITY;

    private final ViewWeights weights;
    private final double[] scores;
    private final int[] chosen;
    private int count;

    /** @param scores becomes this choice's own */
    ReplicaChoice(ViewWeights weights, double[] scores, int replicas) {
        this.weights = weights;
        this.scores = scores;
        chosen = new int[Math.min(replicas, scores.length)];
    }

    List<Worker> owners() {
        List<Worker> owners = new ArrayList<>(chosen.length);
        while (count < chosen.length) {
            int next = next();
            scores[next] = CHOSEN;
            chosen[count++] = next;
            owners.add(weights.worker(next));
        }
        return List.copyOf(owners);
    }

    private int next() {
        int best = -1;
        int bestPlace = ANY;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] == CHOSEN) {
                continue;
            }
            int place = place(i);
            if (best < 0 || place < bestPlace || (place == bestPlace && scores[i] < scores[best])) {
                best = i;
                bestPlace = place;
            }
        }
        return best;
    }

    private int place(int candidate) {
        if (count == 0) {
            return ANY;
        }
        boolean otherZone = weights.zone(candidate) != ViewWeights.NO_ZONE;
        boolean otherHost = true;
        for (int i = 0; i < count; i++) {
            otherZone &= weights.zone(candidate) != weights.zone(chosen[i]);
            otherHost &= weights.host(candidate) != weights.host(chosen[i]);
        }
        return otherZone ? OTHER_ZONE : otherHost ? OTHER_HOST : ANY;
    }
}
