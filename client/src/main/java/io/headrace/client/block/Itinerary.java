package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.MountId;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The stops of one block that are still to be made. For one thread. */
final class Itinerary {
    private final WorkerConnections connections;
    private final MountId mount;
    private final Deque<Stop> left;
    private final Set<WorkerId> asked = new HashSet<>();
    private Optional<Stop> again = Optional.empty();
    private boolean firstIsKnown;

    Itinerary(WorkerConnections connections, MountId mount, List<Stop> stops) {
        this.connections = connections;
        this.mount = mount;
        this.left = new ArrayDeque<>(stops);
    }

    /** Passes over who seldom keeps what others would fetch, and puts off who was slower than others lately. */
    Optional<Stop> next() {
        Optional<Stop> back = again;
        again = Optional.empty();
        if (back.isPresent()) {
            return back;
        }
        while (!left.isEmpty()) {
            Stop stop = left.remove();
            WorkerPool pool = connections.pool(stop.worker());
            if (isExtra(stop)) {
                asked.add(stop.worker().id());
                if (pool.copies(mount).isWorthAsking() && pool.promptness().mayAsk()) {
                    return Optional.of(stop);
                }
            } else if (!firstIsKnown && !pool.promptness().mayAsk()) {
                firstIsKnown = true;
                goBehind(stop);
            } else {
                firstIsKnown = true;
                asked.add(stop.worker().id());
                return Optional.of(stop);
            }
        }
        return Optional.empty();
    }

    /** Whom to ask, too, while this one lets its reader wait; for what it keeps, unless it is the one to fetch. */
    Optional<Stop> besides(Stop slow) {
        return others().findFirst().map(stop -> slow.reach() == Reach.CACHED ? stop : stop.within(Reach.CACHED));
    }

    /** The others are asked before this slow one for what they keep: it stays the one that fetches. */
    private void goBehind(Stop slow) {
        List<Stop> others = others().map(stop -> stop.within(Reach.CACHED)).toList();
        if (slow.reach() == Reach.CACHED) {
            left.addLast(slow);
        } else {
            left.addFirst(slow);
            others.reversed().forEach(left::addFirst);
        }
    }

    private Stream<Stop> others() {
        return left.stream()
                .filter(stop -> !connections.pool(stop.worker()).promptness().keepsAway())
                .filter(stop -> !asked.contains(stop.worker().id()))
                .filter(stop -> stop.worker().state() != WorkerState.SUSPECT);
    }

    /** The next stop is this one. */
    void goBackTo(Stop stop) {
        again = Optional.of(stop);
    }

    private boolean isExtra(Stop stop) {
        return stop.reach() == Reach.CACHED && left.stream().anyMatch(later -> later.reach() == Reach.ORIGIN);
    }
}
