package io.headrace.master.jobs;

import com.github.benmanes.caffeine.cache.Ticker;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.TaskReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Who works on which task, for as long as he speaks of it. Forgotten with the master: whoever reports a task that is still
 * open is heard, lease or not. Not thread-safe.
 */
final class Leases {
    /** At a time, since each is written to the disk. */
    private static final int MOST_LOST = 64;

    private final Ticker clock;
    private final Duration time;
    private final Map<Bytes, Lease> leases = new HashMap<>();

    /**
     * @param alone the worker does nothing else meanwhile
     * @param until by the clock
     */
    record Lease(String worker, boolean alone, long until, long fetched, long present) {}

    Leases(Ticker clock, Duration time) {
        this.clock = clock;
        this.time = time;
    }

    Duration time() {
        return time;
    }

    /** Nobody has it, and whoever lost it was {@linkplain #lost seen} and ended. */
    boolean isFree(Bytes task) {
        return !leases.containsKey(task);
    }

    private boolean isOver(Lease lease) {
        return lease.until - clock.read() < 0;
    }

    private long newEnd() {
        return clock.read() + time.toNanos();
    }

    /** Gives the task to the worker. */
    void hold(Bytes task, String worker, boolean alone) {
        leases.put(task, new Lease(worker, alone, newEnd(), 0, 0));
    }

    /** What a worker says of a task that has not ended; false when another has it. */
    boolean heard(Bytes task, String worker, TaskReport report) {
        Optional<Lease> before = Optional.ofNullable(leases.get(task));
        if (before.filter(lease -> !lease.worker.equals(worker) && !isOver(lease))
                .isPresent()) {
            return false;
        }
        if (report.getGivenBack()) {
            end(task);
        } else {
            boolean alone = before.filter(Lease::alone).isPresent();
            leases.put(task, new Lease(worker, alone, newEnd(), report.getBytesFetched(), report.getBytesPresent()));
        }
        return true;
    }

    /** Tasks whose worker was lost while it had them, and that worker: it was silent for too long, or is no member any more. */
    Map<Bytes, String> lost(Set<String> members) {
        Map<Bytes, String> lost = new HashMap<>();
        for (Map.Entry<Bytes, Lease> each : leases.entrySet()) {
            String only = JobKeys.workerOfTask(each.getKey());
            boolean left = !only.isEmpty() && !members.contains(only);
            if ((left || isOver(each.getValue())) && lost.size() < MOST_LOST) {
                lost.put(each.getKey(), each.getValue().worker);
            }
        }
        return lost;
    }

    boolean isIdle(String worker) {
        return leases.values().stream().noneMatch(lease -> lease.worker.equals(worker));
    }

    boolean doesOneAlone(String worker) {
        return leases.values().stream().anyMatch(lease -> lease.alone && lease.worker.equals(worker));
    }

    void end(Bytes task) {
        leases.remove(task);
    }

    void endAll(long job) {
        leases.keySet().removeIf(task -> JobKeys.jobOfTask(task) == job);
    }

    int held(long job) {
        return (int) leases.keySet().stream()
                .filter(task -> JobKeys.jobOfTask(task) == job)
                .count();
    }

    int workers(long job) {
        return (int) leases.entrySet().stream()
                .filter(lease -> JobKeys.jobOfTask(lease.getKey()) == job && !isOver(lease.getValue()))
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
