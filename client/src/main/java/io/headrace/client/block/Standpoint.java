package io.headrace.client.block;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.Distance;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import java.util.Optional;

/**
 * From where a client looks at its cluster.
 *
 * @param client a number of its own: of workers that are equally near, clients ask different ones first
 */
public record Standpoint(Topology here, Affinity affinity, long client) {
    /** Of one to whom all workers are alike. */
    public static final Standpoint NOWHERE =
            new Standpoint(new Topology("nowhere", Optional.empty(), Optional.empty()), Affinity.NONE, 0);

    Distance to(Worker worker) {
        return here.distanceTo(worker.topology());
    }

    /** Drawn evenly for the client, the block and the worker, by the finalizer of SplitMix64 (see RendezvousPlacement). */
    long draw(FileVersion version, int block, Worker worker) {
        long ofBlock = mix(client + version.hashCode()) + block * 0x9e3779b97f4a7c15L;
        return mix(ofBlock ^ worker.id().hashCode());
    }

    /** To go on with after "no worker". */
    String place() {
        return switch (affinity) {
            case NONE, PREFER -> "";
            case REQUIRE_REGION -> " in region " + here.region().orElse("");
            case REQUIRE_ZONE -> " in zone " + here.zone().orElse("");
            case REQUIRE_HOST -> " on host " + here.host();
        };
    }

    private static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
