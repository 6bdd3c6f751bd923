package io.headrace.master.pins;

import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.v1.Pin;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Whether copies have room: all of them in the largest tiers of the workers together, and those of a data set in its quota.
 * Blocks lie by the workers' capacity, so what is well below the sum fits each. What is below another pin with as many copies
 * counts there alone.
 */
record PinRoom(Measure sizes, ClusterViews views, Supplier<Map<String, Long>> quotas) {
    /** Bytes of the files that a path names. */
    interface Measure {
        long bytesBelow(String path) throws IOException;
    }

    /** @throws NoRoomException when these pins together are too much; the message says what for */
    void require(Collection<Pin> pins) throws IOException {
        List<Worker> owners =
                views.current().workers().stream().filter(Worker::ownsBlocks).toList();
        Map<String, Long> limits = quotas.get();
        Map<String, Long> copies = new TreeMap<>();
        long all = 0;
        for (Pin pin : pins) {
            if (isCounted(pin, pins)) {
                continue;
            }
            long bytes = sizes.bytesBelow(pin.getPath())
                    * Math.max(1, Math.min(Math.max(1, pin.getReplicas()), owners.size()));
            all += bytes;
            limits.keySet().stream()
                    .filter(dataSet -> isBelow(pin.getPath(), dataSet))
                    .forEach(dataSet -> copies.merge(dataSet, bytes, Long::sum));
        }
        long capacity = owners.stream().mapToLong(Worker::capacityBytes).sum();
        // Without a worker nobody knows what there will be.
        if (!owners.isEmpty() && all > capacity) {
            throw new NoRoomException("all that is pinned then has " + all + " bytes of copies, and the "
                    + owners.size() + " workers keep " + capacity + "; pin less, or add workers");
        }
        for (Map.Entry<String, Long> each : copies.entrySet()) {
            long quota = limits.getOrDefault(each.getKey(), Long.MAX_VALUE);
            if (each.getValue() > quota) {
                throw new NoRoomException("what is pinned of data set " + each.getKey() + " then has "
                        + each.getValue() + " bytes of copies, and its quota is " + quota
                        + "; pin less, or raise it with headrace cluster quota");
            }
        }
    }

    private static boolean isCounted(Pin pin, Collection<Pin> pins) {
        return pins.stream()
                .anyMatch(other -> !other.getPath().equals(pin.getPath())
                        && isBelow(pin.getPath(), other.getPath())
                        && other.getReplicas() >= pin.getReplicas());
    }

    private static boolean isBelow(String path, String above) {
        return path.equals(above) || above.isEmpty() || path.startsWith(above + "/");
    }
}
