package io.headrace.client.block;

import io.headrace.protocol.block.Reach;
import java.util.Optional;

/** A second worker that a read may be put to, and the same question with that worker's reach. */
record Rival(WorkerConnections connections, WorkerPool pool, WorkerStream.Asked asked) {
    /** Empty when it is not to be asked now, or too many were. Never waits. */
    Optional<WorkerStream> ask() throws InterruptedException {
        if (pool.isOverloaded() || !pool.breaker().mayAsk() || !mayKeep() || !pool.awaitTurn(0)) {
            return Optional.empty();
        }
        if (!connections.hedges().mayAskAnother()) {
            pool.endTurn();
            return Optional.empty();
        }
        return Optional.of(new WorkerStream(connections, pool, asked));
    }

    private boolean mayKeep() {
        return asked.terms().reach() != Reach.CACHED
                || pool.copies(asked.version().mount()).isWorthAsking();
    }
}
