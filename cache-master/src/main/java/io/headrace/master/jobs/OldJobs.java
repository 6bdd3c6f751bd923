package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/** Which jobs are forgotten, the oldest of those that ended, and what is forgotten with them. */
record OldJobs(NavigableMap<Long, JobRecord> records) {
    /** Those to be taken out of the records; their rows are cleared in the batch. */
    List<Long> forget(int kept, JobStore.Batch batch) {
        List<Long> ended = records.values().stream()
                .filter(record -> record.getStatus().getState() != State.STATE_RUNNING)
                .map(record -> record.getStatus().getId())
                .toList();
        List<Long> old = new ArrayList<>(ended.subList(0, Math.max(0, ended.size() - kept)));
        for (long id : old) {
            batch.delete(JobKeys.job(id));
            batch.clear(JobKeys.failures(id));
            batch.clear(JobKeys.planned(id));
            batch.clear(JobKeys.uploads(id));
        }
        forgetCopies(old, batch);
        return old;
    }

    /** What was copied is remembered as long as any job of the same source and target is. */
    private void forgetCopies(List<Long> old, JobStore.Batch batch) {
        List<Bytes> pairs = pairs(old);
        List<Bytes> remembered =
                pairs(records.keySet().stream().filter(id -> !old.contains(id)).toList());
        pairs.stream().filter(pair -> !remembered.contains(pair)).forEach(pair -> batch.clear(JobKeys.copied(pair)));
    }

    private List<Bytes> pairs(List<Long> ids) {
        return records.entrySet().stream()
                .filter(entry -> ids.contains(entry.getKey()))
                .map(entry -> entry.getValue().getStatus().getSpec())
                .filter(spec -> spec.hasMigrate())
                .map(spec -> MigrateOrigins.pair(spec.getMigrate()))
                .toList();
    }
}
