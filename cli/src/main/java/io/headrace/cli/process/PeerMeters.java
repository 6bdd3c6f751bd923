package io.headrace.cli.process;

import io.headrace.client.block.PeerTally;
import io.headrace.client.block.WorkerConnections;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What a process asks workers for, as meters {@code headrace.peer.*}. */
public final class PeerMeters {
    private PeerMeters() {}

    public static void of(WorkerConnections connections, MeterRegistry meters) {
        count("headrace.peer.requests", connections, PeerTally::requests, meters);
        count("headrace.peer.bytes", connections, PeerTally::bytes, meters);
        count("headrace.peer.retries", connections, PeerTally::retries, meters);
        count("headrace.peer.retries.delayed", connections, PeerTally::retriesDelayed, meters);
        count("headrace.peer.hedges.sent", connections, PeerTally::hedgesSent, meters);
        count("headrace.peer.hedges.won", connections, PeerTally::hedgesWon, meters);
        count("headrace.peer.hedges.denied", connections, PeerTally::hedgesDenied, meters);
        Gauge.builder("headrace.peer.workers", connections, WorkerConnections::failingWorkers)
                .tag("state", "failing")
                .register(meters);
        Gauge.builder("headrace.peer.workers", connections, WorkerConnections::slowWorkers)
                .tag("state", "slow")
                .register(meters);
    }

    private static void count(
            String name, WorkerConnections connections, ToDoubleFunction<PeerTally> count, MeterRegistry meters) {
        FunctionCounter.builder(name, connections, all -> count.applyAsDouble(all.tally()))
                .register(meters);
    }
}
