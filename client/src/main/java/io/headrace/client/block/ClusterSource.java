package io.headrace.client.block;

import io.headrace.client.local.NodeStores;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Placement;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A cluster as a client reads it: each block from a near worker that keeps it, or from its owner in the newest view, then from
 * its replicas, then from the origin where that is allowed. A worker that lacks the block gets it itself, from its peers or the
 * origin. Of a block that its workers say is hot it asks another owner than other clients do ({@link SpreadPlacement}).
 */
public final class ClusterSource implements RangeSource {
    private final RoutedSource source;

    /**
     * What a client knows of its cluster.
     *
     * @param replicas how many workers to try for a block, the owner included
     */
    public record Cluster(ClusterViews views, Placement placement, int replicas) {
        public Cluster {
            if (replicas < 1) {
                throw new IllegalArgumentException("a block has at least one owner, and not " + replicas);
            }
        }
    }

    /**
     * Of a client that may not ask origins. Owns none of these.
     *
     * @param near the stores of this machine's workers, read past the network
     */
    public ClusterSource(
            Cluster cluster, Standpoint standpoint, WorkerConnections connections, Optional<NodeStores> near) {
        this.source = new RoutedSource(route(cluster, standpoint, connections), connections, Optional.empty(), near);
    }

    /**
     * To which all workers are alike: the owner is asked first, wherever it stands. Owns none of these.
     *
     * @param origin asked when no worker answers; empty where the client may not ask it
     */
    public ClusterSource(Cluster cluster, WorkerConnections connections, Optional<RangeSource> origin) {
        this.source = new RoutedSource(route(cluster, Standpoint.NOWHERE, connections), connections, origin);
    }

    private ClusterSource(RoutedSource source) {
        this.source = source;
    }

    /** The same, of a client that may ask this origin when no worker answers. The origin stays the caller's. */
    public ClusterSource orElse(RangeSource origin) {
        return new ClusterSource(source.with(new LastResort(Optional.of(origin))));
    }

    /**
     * The same, of a client that may ask no origin.
     *
     * @param advice what to do about a read that no worker answers
     */
    public ClusterSource advising(String advice) {
        return new ClusterSource(source.with(new LastResort(Optional.empty(), advice)));
    }

    private static BlockRoute route(Cluster cluster, Standpoint standpoint, WorkerConnections connections) {
        Placement spread = new SpreadPlacement(
                cluster.placement(),
                connections.hints(),
                ThreadLocalRandom.current().nextLong());
        return new ClusterRoute(
                new Cluster(cluster.views(), spread, cluster.replicas()), standpoint, connections::readers);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        return source.open(version, range, reason);
    }
}
