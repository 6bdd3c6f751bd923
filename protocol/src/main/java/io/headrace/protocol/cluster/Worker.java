package io.headrace.protocol.cluster;

/**
 * A member of a cluster.
 *
 * @param blocks where it serves blocks
 * @param capacityBytes of its largest tier: its weight in placement; positive
 */
public record Worker(WorkerId id, Endpoint blocks, Topology topology, long capacityBytes, WorkerState state) {
    public Worker {
        if (capacityBytes <= 0) {
            throw new IllegalArgumentException("worker " + id + " has a capacity of " + capacityBytes + " bytes");
        }
    }

    public boolean ownsBlocks() {
        return state != WorkerState.DRAINING;
    }
}
