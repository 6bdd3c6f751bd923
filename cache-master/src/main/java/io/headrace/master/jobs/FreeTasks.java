package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobTask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives tasks to a worker that asks: first those that only it may do. One of which a worker was lost is given to a worker that
 * does nothing else, and that gets nothing else meanwhile: so no other task is lost with it again.
 */
final class FreeTasks {
    /** A job with a rate has so many tasks under way at most, each with its part of the rate: so it is never above. */
    private static final int RATE_SLOTS = 4;

    private final JobStore store;
    private final Leases leases;
    private final String worker;
    private final int most;
    private final List<JobTask> leased = new ArrayList<>();
    private boolean alone;

    FreeTasks(JobStore store, Leases leases, String worker, int most) {
        this.store = store;
        this.leases = leases;
        this.worker = worker;
        this.most = most;
        this.alone = leases.doesOneAlone(worker);
    }

    List<JobTask> leased() {
        return List.copyOf(leased);
    }

    /** As many of a job's as there is room for. */
    void lease(JobRecord record) throws IOException {
        long id = record.getStatus().getId();
        JobSpec spec = record.getStatus().getSpec();
        int slots = spec.getMaxBytesPerSecond() == 0 ? most : RATE_SLOTS - leases.held(id);
        int room = Math.min(most, leased.size() + slots);
        for (Bytes free : List.of(JobKeys.tasks(id, worker), JobKeys.tasks(id, ""))) {
            store.scan(free, free, (key, value) -> {
                if (hasRoom(room) && leases.isFree(key)) {
                    take(key, JobTask.parseFrom(value), spec);
                }
                return hasRoom(room);
            });
        }
    }

    private boolean hasRoom(int room) {
        return !alone && leased.size() < room;
    }

    private void take(Bytes key, JobTask task, JobSpec spec) {
        boolean suspect = LostTasks.isSuspect(task);
        if (!suspect || (leased.isEmpty() && leases.isIdle(worker))) {
            leases.hold(key, worker, suspect);
            leased.add(told(spec, task));
            alone = suspect;
        }
    }

    private static JobTask told(JobSpec spec, JobTask task) {
        long rate = spec.getMaxBytesPerSecond();
        JobTask.Builder told = task.toBuilder()
                .clearLostWorkers()
                .setMaxBytesPerSecond(rate == 0 ? 0 : Math.max(1, rate / RATE_SLOTS));
        return spec.hasMigrate()
                ? told.setMigrate(spec.getMigrate()).setVerify(spec.getVerify()).build()
                : told.build();
    }
}
