package io.headrace.protocol.cluster;

import java.util.ArrayList;
import java.util.List;

/** The views of a cluster as they were known at one moment. */
public record KnownViews(ClusterView current, List<ClusterView> earlier) implements ClusterViews {
    public static final KnownViews NONE = new KnownViews(ClusterView.NONE, List.of());

    public KnownViews {
        earlier = List.copyOf(earlier);
    }

    /** What decides where blocks lie. */
    private record Owner(WorkerId id, long capacityBytes, Topology topology) {}

    /**
     * These views after one more came.
     *
     * @param mostEarlier how many earlier views to keep, of those in which other workers owned blocks than in the next one
     *     and in each other
     */
    public KnownViews next(ClusterView view, int mostEarlier) {
        List<List<Owner>> seen = new ArrayList<>(List.of(owners(view), List.of()));
        List<ClusterView> kept = new ArrayList<>();
        List<ClusterView> candidates = new ArrayList<>(List.of(current));
        candidates.addAll(earlier);
        for (ClusterView candidate : candidates) {
            List<Owner> owners = owners(candidate);
            if (kept.size() < mostEarlier && !seen.contains(owners)) {
                seen.add(owners);
                kept.add(candidate);
            }
        }
        return new KnownViews(view, kept);
    }

    private static List<Owner> owners(ClusterView view) {
        return view.workers().stream()
                .filter(Worker::ownsBlocks)
                .map(worker -> new Owner(worker.id(), worker.capacityBytes(), worker.topology()))
                .toList();
    }
}
