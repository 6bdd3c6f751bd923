package io.headrace.master.jobs;

import io.headrace.protocol.v1.JobFailure;
import io.headrace.protocol.v1.JobRecord;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.PlannedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What is told of a job: what is on the disk, and what its tasks under way have brought so far. */
record ToldStatus(JobStore store, Leases leases) {
    private static final int MOST_FAILURES = 100;

    /** @param whole with its failures, and what a dry run found */
    JobStatus of(JobRecord record, boolean whole) throws IOException {
        JobStatus.Builder status = record.getStatus().toBuilder();
        long id = status.getId();
        long live = record.getRound() == 0 ? 1 : 0;
        status.setWorkers(leases.workers(id))
                .setBytesFetched(status.getBytesFetched() + live * leases.sum(id, Leases.Lease::fetched))
                .setBytesPresent(status.getBytesPresent() + live * leases.sum(id, Leases.Lease::present));
        if (whole) {
            store.scan(JobKeys.failures(id), JobKeys.failures(id), (key, reason) -> {
                status.addFailures(JobFailure.newBuilder()
                        .setPath(JobKeys.rest(key).toString())
                        .setReason(new String(reason, StandardCharsets.UTF_8)));
                return status.getFailuresCount() < MOST_FAILURES;
            });
            store.scan(JobKeys.planned(id), JobKeys.planned(id), (key, file) -> {
                status.addPlan(PlannedFile.parseFrom(file));
                return true;
            });
        }
        return status.build();
    }
}
