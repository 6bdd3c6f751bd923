package io.headrace.worker.peer;

import io.headrace.client.block.BlockRoute;
import io.headrace.client.block.RoutedSource;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Placement;
import io.headrace.protocol.cluster.WorkerId;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/**
 * Where a worker's store gets blocks that it lacks: from whoever owned them before, of what they keep, and from the origin
 * when none of them does. So a cluster that grew does not ask the origin again.
 *
 * <p>Peers are asked only for what they keep, and never on behalf of a peer: a question ends with them.
 */
public final class PeerSource implements RangeSource {
    private final RoutedSource source;

    /**
     * What a worker knows of its cluster.
     *
     * @param self which is never asked
     * @param replicas how many owners a block has
     */
    public record Neighbourhood(WorkerId self, ClusterViews views, Placement placement, int replicas) {
        public Neighbourhood {
            if (replicas < 1) {
                throw new IllegalArgumentException("a block has at least one owner, and not " + replicas);
            }
        }
    }

    /** Owns none of these. */
    public PeerSource(Neighbourhood neighbourhood, WorkerConnections connections, RangeSource origin) {
        BlockRoute route = new PeerRoute(neighbourhood);
        this.source = new RoutedSource(route, connections, Optional.of(origin));
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        return source.open(version, range, reason);
    }
}
