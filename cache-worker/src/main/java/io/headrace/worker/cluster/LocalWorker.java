package io.headrace.worker.cluster;

import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.Topology;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a worker says of itself.
 *
 * @param blocks where it serves blocks
 * @param capacityBytes of its largest tier; positive
 * @param tiers what its tiers hold now; asked at each heartbeat, so it must not wait
 */
public record LocalWorker(Endpoint blocks, Topology topology, long capacityBytes, Supplier<List<TierUsage>> tiers) {}
