package io.headrace.master.jobs;

import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobTask;
import java.io.IOException;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of tasks whose workers were lost while they had them. A task names those workers on the disk. The second time each
 * of its files becomes a task of its own; the {@link #MOST}th time it fails, since it may be what kills them.
 */
record LostTasks(Ledger ledger) {
    /** So often a task is tried again. */
    static final int MOST = 4;

    private static final Logger LOG = LoggerFactory.getLogger(LostTasks.class);
    private static final int SPLIT_AT = 2;

    static boolean isSuspect(JobTask task) {
        return task.getLostWorkersCount() > 0;
    }

    void lost(JobTask before, String worker) throws IOException {
        JobTask task = before.toBuilder().addLostWorkers(worker).build();
        int times = task.getLostWorkersCount();
        LOG.warn(
                "job {}: worker {} was lost while it did a task of {} files, the first of which is {}; {} of {} times",
                ledger.status().getId(),
                worker,
                task.getItemsCount(),
                Ledger.path(task.getItems(0)),
                times,
                MOST);
        if (times >= MOST) {
            ItemResult failed = ItemResult.newBuilder().setFailure(reason(task)).build();
            ledger.reported(task, Collections.nCopies(task.getItemsCount(), failed));
        } else if (times >= SPLIT_AT) {
            ledger.split(task);
        } else {
            ledger.put(task);
        }
    }

    private String reason(JobTask task) {
        return task.getLostWorkersCount() + " workers were lost while they did this: "
                + String.join(", ", task.getLostWorkersList())
                + "; look at their logs, then 'headrace jobs retry "
                + ledger.status().getId() + "'";
    }
}
