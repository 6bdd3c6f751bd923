package io.headrace.client.block;

import io.headrace.client.local.NodeStores;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.nio.channels.ReadableByteChannel;
import java.util.Collection;
import java.util.Optional;

/**
 * Reads each block from the first worker of its route that has it, and from behind them all when none has. What fails goes
 * on elsewhere at the byte reached. Each byte was compared with a checksum before it is told of. Nothing is asked before the
 * first {@code read} of a channel.
 *
 * <p>Throws {@link io.headrace.protocol.OriginException.Unavailable}, which names the workers asked, when nobody answered
 * within the deadline, and what the origin said when that ended the matter.
 */
public final class RoutedSource implements RangeSource {
    private final BlockRoute route;
    private final WorkerConnections connections;
    private final Optional<NodeStores> near;
    private final LastResort lastResort;

    /**
     * Owns none of these.
     *
     * @param origin asked when no worker answers; empty where the process may not ask it
     */
    public RoutedSource(BlockRoute route, WorkerConnections connections, Optional<RangeSource> origin) {
        this(route, connections, origin, Optional.empty());
    }

    /**
     * Owns none of these.
     *
     * @param origin asked when no worker answers; empty where the process may not ask it
     * @param near asked first for each block, and past the network
     */
    public RoutedSource(
            BlockRoute route, WorkerConnections connections, Optional<RangeSource> origin, Optional<NodeStores> near) {
        this(route, connections, near, new LastResort(origin));
    }

    private RoutedSource(
            BlockRoute route, WorkerConnections connections, Optional<NodeStores> near, LastResort lastResort) {
        this.route = route;
        this.connections = connections;
        this.near = near;
        this.lastResort = lastResort;
    }

    RoutedSource with(LastResort other) {
        return new RoutedSource(route, connections, near, other);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        if (range.isEmpty() || !version.wholeFile().contains(range)) {
            throw new IllegalArgumentException("not a range of " + version + ": " + range);
        }
        return new RoutedChannel(this, version, range, reason);
    }

    BlockRoute route() {
        return route;
    }

    WorkerConnections connections() {
        return connections;
    }

    /** The beginning of the range from a worker of this machine; {@code planned} own its first block. */
    Optional<ByteStream> near(Collection<BlockRoute.Stop> planned, FileVersion version, ByteRange range) {
        return near.flatMap(stores -> stores.find(
                        version,
                        range,
                        id -> planned.stream()
                                .anyMatch(stop -> stop.worker().id().equals(id))))
                .<ByteStream>map(LocalStream::new);
    }

    LastResort lastResort() {
        return lastResort;
    }
}
