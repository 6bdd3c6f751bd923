package io.headrace.client.block;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.Worker;
import java.util.List;

/** Says which workers to ask for a block. Thread-safe; computed without waiting, as the cluster is now. */
@FunctionalInterface
public interface BlockRoute {
    /**
     * Whom to ask, in order.
     *
     * @param block index in the file
     */
    List<Stop> stops(FileVersion version, int block);

    /** Why there is no stop where there is none, for the message of who finds none. */
    default String nobody() {
        return "no worker is known to own it";
    }

    /** @param reach how far the worker may go for the bytes */
    record Stop(Worker worker, Reach reach) {
        Stop within(Reach most) {
            return most.compareTo(reach) < 0 ? new Stop(worker, most) : this;
        }
    }
}
