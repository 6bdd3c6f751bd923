package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.MountId;
import io.headrace.protocol.block.Reach;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The stops of one block that are still to be made. For one thread. */
final class Itinerary {
    private final WorkerConnections connections;
    private final MountId mount;
    private final Deque<Stop> left;
    private Optional<Stop> again = Optional.empty();

    Itinerary(WorkerConnections connections, MountId mount, List<Stop> stops) {
        this.connections = connections;
        this.mount = mount;
        this.left = new ArrayDeque<>(stops);
    }

    /** Passes over who seldom keeps what others would fetch. */
    Optional<Stop> next() {
        Optional<Stop> back = again;
        again = Optional.empty();
        if (back.isPresent()) {
            return back;
        }
        while (!left.isEmpty()) {
            Stop stop = left.remove();
            if (!isExtra(stop) || connections.pool(stop.worker()).copies(mount).isWorthAsking()) {
                return Optional.of(stop);
            }
        }
        return Optional.empty();
    }

    /** The next stop is this one. */
    void goBackTo(Stop stop) {
        again = Optional.of(stop);
    }

    private boolean isExtra(Stop stop) {
        return stop.reach() == Reach.CACHED && left.stream().anyMatch(later -> later.reach() == Reach.ORIGIN);
    }
}
