package io.headrace.master.jobs;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** How a master keeps jobs. */
public record JobsSettings(
        @Setting(
                value = "A task of which its worker said nothing for so long is given to another.",
                defaultValue = "30s")
        Duration lease,

        @Setting(value = "Most jobs that run at a time; one more is refused.", defaultValue = "64")
        int mostRunning,

        @Setting(value = "Most jobs that have ended and are remembered, the newest.", defaultValue = "1000")
        int mostEnded) {
    public JobsSettings {
        if (lease.toMillis() < 100 || mostRunning < 1 || mostEnded < 1) {
            throw new IllegalArgumentException("jobs.lease is at least 100ms, and jobs.most-running and"
                    + " jobs.most-ended at least 1: " + lease + ", " + mostRunning + ", " + mostEnded);
        }
    }

    public static JobsSettings defaults() {
        return new JobsSettings(Duration.ofSeconds(30), 64, 1000);
    }
}
