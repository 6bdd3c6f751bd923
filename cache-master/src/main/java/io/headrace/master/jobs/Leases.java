package io.headrace.master.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import io.headrace.protocol.Bytes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Who works on which task, for as long as he speaks of it. Forgotten with the master: whoever reports a task that is still
 * open is heard, lease or not. Not thread-safe.
 */
final class Leases {
    private final Ticker clock;
    private final Duration time;
    private final Map<Bytes, Lease> leases = new HashMap<>();

    /** @param until by the clock */
    record Lease(String worker, long until, long fetched, long present) {}

    Leases(Ticker clock, Duration time) {
        this.clock = clock;
        this.time = time;
    }

    Duration time() {
        return time;
    }

    boolean isFree(Bytes task) {
        Lease lease = leases.get(task);
        return lease == null || lease.until - clock.read() < 0;
    }

    /** Gives the task to the worker, or goes on giving it. */
    void hold(Bytes task, String worker, long fetched, long present) {
        leases.put(task, new Lease(worker, clock.read() + time.toNanos(), fetched, present));
    }

    Optional<String> holder(Bytes task) {
        return Optional.ofNullable(leases.get(task))
                .filter(lease -> !isFree(task))
                .map(Lease::worker);
    }

    void end(Bytes task) {
        leases.remove(task);
    }

    void endAll(long job) {
        leases.keySet().removeIf(task -> JobKeys.jobOfTask(task) == job);
    }

    int held(long job) {
        return (int) leases.keySet().stream()
                .filter(task -> JobKeys.jobOfTask(task) == job && !isFree(task))
                .count();
    }

    int workers(long job) {
        return (int) leases.entrySet().stream()
                .filter(lease -> JobKeys.jobOfTask(lease.getKey()) == job && !isFree(lease.getKey()))
                .map(lease -> lease.getValue().worker)
                .distinct()
                .count();
    }

    /** What the tasks under way have brought so far. */
    long sum(long job, ToLongFunction<Lease> what) {
        return leases.entrySet().stream()
                .filter(lease -> JobKeys.jobOfTask(lease.getKey()) == job)
                .mapToLong(lease -> what.applyAsLong(lease.getValue()))
                .sum();
    }
}
