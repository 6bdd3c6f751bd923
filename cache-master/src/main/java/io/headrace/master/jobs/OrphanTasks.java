package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.LoadSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Tasks that only a worker may do who left the cluster, or is about to. Those that any may do are never orphans. */
record OrphanTasks(JobStore store, Cutter cutter) {
    private static final int MOST_MOVED = 64;

    /** Some of a job's. */
    List<Bytes> find(long id) throws IOException {
        List<Bytes> orphans = new ArrayList<>();
        Bytes from = JobKeys.tasks(id);
        boolean more = true;
        while (more && orphans.size() < MOST_MOVED) {
            List<Bytes> first = new ArrayList<>(1);
            store.scan(JobKeys.tasks(id), from, (key, value) -> {
                first.add(key);
                return false;
            });
            more = !first.isEmpty();
            if (more) {
                String worker = JobKeys.workerOfTask(first.getFirst());
                Bytes own = JobKeys.tasks(id, worker);
                if (!worker.isEmpty() && !cutter.ownsBlocks(worker)) {
                    store.scan(own, own, (key, value) -> orphans.add(key) && orphans.size() < MOST_MOVED);
                }
                from = Bytes.copyOf(JobKeys.behind(own));
            }
        }
        return orphans;
    }

    /** Gives them to those who own their blocks now. */
    void move(List<Bytes> orphans, LoadSpec spec, Ledger ledger) throws IOException {
        for (Bytes task : orphans) {
            JobTask before = JobTask.parseFrom(store.get(task).orElseThrow());
            ledger.moved(before, Ledger.cutAgain(cutter, spec, before));
        }
    }
}
