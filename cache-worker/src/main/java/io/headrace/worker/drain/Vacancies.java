package io.headrace.worker.drain;

import io.headrace.protocol.cluster.WorkerId;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the other workers have free, as they told the master, less what was given to them since. A worker that is not known
 * is taken to have room. Thread-safe.
 */
public final class Vacancies {
    private final ConcurrentHashMap<WorkerId, Long> free;

    /** @param freeBytes of each worker's largest tier */
    public Vacancies(Map<WorkerId, Long> freeBytes) {
        free = new ConcurrentHashMap<>(freeBytes);
    }

    /** Where they come from. */
    @FunctionalInterface
    public interface Survey {
        /** Asked once, when the hand-over begins. */
        Vacancies look() throws IOException;
    }

    /** Whether the worker has room for so many bytes more; if so, they are counted as taken. */
    boolean take(WorkerId worker, long bytes) {
        boolean[] taken = {true};
        free.computeIfPresent(worker, (_, left) -> {
            taken[0] = left >= bytes;
            return taken[0] ? left - bytes : left;
        });
        return taken[0];
    }
}
