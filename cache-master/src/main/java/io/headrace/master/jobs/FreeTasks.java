package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobTask;
import java.io.IOException;
import java.util.List;

/** Gives a job's tasks to workers: first those that only the one who asks may do. */
record FreeTasks(JobStore store, Leases leases) {
    /** A job with a rate has so many tasks under way at most, each with its part of the rate: so it is never above. */
    private static final int RATE_SLOTS = 4;

    /** Adds to the tasks until there are so many. */
    void lease(JobRecord record, String worker, int most, List<JobTask> tasks) throws IOException {
        long id = record.getStatus().getId();
        JobSpec spec = record.getStatus().getSpec();
        int slots = spec.getMaxBytesPerSecond() == 0 ? most : RATE_SLOTS - leases.held(id);
        int room = Math.min(most, tasks.size() + slots);
        for (Bytes free : List.of(JobKeys.tasks(id, worker), JobKeys.tasks(id, ""))) {
            store.scan(free, free, (key, value) -> {
                if (tasks.size() < room && leases.isFree(key)) {
                    leases.hold(key, worker, 0, 0);
                    tasks.add(told(spec, JobTask.parseFrom(value)));
                }
                return tasks.size() < room;
            });
        }
    }

    private static JobTask told(JobSpec spec, JobTask task) {
        long rate = spec.getMaxBytesPerSecond();
        JobTask.Builder told = task.toBuilder().setMaxBytesPerSecond(rate == 0 ? 0 : Math.max(1, rate / RATE_SLOTS));
        return spec.hasMigrate()
                ? told.setMigrate(spec.getMigrate()).setVerify(spec.getVerify()).build()
                : told.build();
    }
}
