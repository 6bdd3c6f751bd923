package io.headrace.master.jobs;

import io.headrace.protocol.v1.JobSpec;

/** What can be a job. */
final class JobSpecs {
    private JobSpecs() {}

    /**
     * The spec in the form in which it is kept.
     *
     * @throws IllegalArgumentException when it can be no job; the message says why
     */
    static JobSpec tidy(JobSpec spec) {
        if (spec.getMaxBytesPerSecond() < 0) {
            throw new IllegalArgumentException("a rate is not negative");
        }
        return switch (spec.getWorkCase()) {
            case LOAD -> {
                LoadPaths.require(spec);
                yield LoadPaths.tidy(spec);
            }
            case MIGRATE -> MigrateOrigins.tidy(spec);
            case WORK_NOT_SET -> throw new IllegalArgumentException("the job says no work that this master knows");
        };
    }
}
