package io.headrace.protocol.cluster;

import java.util.List;
import java.util.Optional;

/** Workers and views for tests. */
final class ViewSamples {
    private ViewSamples() {}

    static ClusterView view(long epoch, Worker... workers) {
        return new ClusterView(epoch, List.of(workers));
    }

    static Worker worker(int number) {
        return worker(number, WorkerState.ACTIVE);
    }

    static Worker worker(int number, WorkerState state) {
        return new Worker(
                new WorkerId("worker-" + number),
                new Endpoint("10.0.0." + number, 7000),
                new Topology("host-" + number, Optional.of("zone-" + number % 3), Optional.empty()),
                1L << 40,
                state);
    }
}
