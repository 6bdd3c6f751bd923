package io.headrace.worker.peer;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Placement;
import io.headrace.protocol.cluster.Worker;
import java.util.ArrayList;
import java.util.List;

/** Views as a test sets them. The newest view is that of the last {@link #become}. */
public final class SetViews implements ClusterViews {
    /** Block {@code i} is on worker {@code i} modulo their number, then on those behind it. */
    public static final Placement ROUND = (version, block, view, replicas) -> {
        List<Worker> owning = view.workers().stream().filter(Worker::ownsBlocks).toList();
        List<Worker> owners = new ArrayList<>();
        for (int i = 0; i < Math.min(replicas, owning.size()); i++) {
            owners.add(owning.get((block + i) % owning.size()));
        }
        return owners;
    };

    private final List<ClusterView> views = new ArrayList<>(List.of(ClusterView.NONE));

    public SetViews(Worker... workers) {
        become(workers);
    }

    public synchronized void become(Worker... workers) {
        views.addFirst(new ClusterView(views.size(), List.of(workers)));
    }

    @Override
    public synchronized ClusterView current() {
        return views.getFirst();
    }

    @Override
    public synchronized List<ClusterView> earlier() {
        return List.copyOf(views.subList(1, views.size()));
    }
}
