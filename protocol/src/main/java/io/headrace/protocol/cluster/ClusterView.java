package io.headrace.protocol.cluster;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All workers at one moment. Of two views of one cluster that with the greater epoch is the newer.
 *
 * @param workers in the order of their ids, which are unique
 */
public record ClusterView(long epoch, List<Worker> workers) {
    /** Before the master said anything. */
    public static final ClusterView NONE = new ClusterView(0, List.of());

    public ClusterView {
        workers = workers.stream().sorted(Comparator.comparing(Worker::id)).toList();
        Set<WorkerId> ids = new HashSet<>();
        for (Worker worker : workers) {
            if (!ids.add(worker.id())) {
                throw new IllegalArgumentException("two workers are called " + worker.id());
            }
        }
    }

    public Optional<Worker> worker(WorkerId id) {
        return workers.stream().filter(worker -> worker.id().equals(id)).findFirst();
    }
}
