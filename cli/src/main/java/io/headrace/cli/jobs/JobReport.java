package io.headrace.cli.jobs;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.commands.Amounts;
import io.headrace.cli.commands.MessageJson;
import io.headrace.protocol.v1.JobFailure;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.PlannedFile;
import java.util.Locale;

/** A job as it is printed, and as an exit code. */
public final class JobReport {
    private JobReport() {}

    static String line(JobStatus job) {
        return "job %d  %s  %s  %d of %d%s files  %s of %s%s%s%s"
                .formatted(
                        job.getId(),
                        state(job),
                        work(job),
                        job.getFilesDone(),
                        job.getFilesTotal(),
                        job.getCounting() ? "+" : "",
                        Amounts.bytes(job.getBytesFetched() + job.getBytesPresent()),
                        Amounts.bytes(job.getBytesTotal()),
                        migrated(job),
                        job.getFilesFailed() == 0 ? "" : "  " + job.getFilesFailed() + " failed",
                        job.getTrouble().isEmpty() ? "" : "  waits: " + job.getTrouble());
    }

    private static String work(JobStatus job) {
        MigrateSpec migrate = job.getSpec().getMigrate();
        return job.getSpec().hasMigrate()
                ? (migrate.getDryRun() ? "dry run of " : "") + migrate.getSource() + " to " + migrate.getTarget()
                : String.join(" ", job.getSpec().getLoad().getPathsList())
                        + (job.getSpec().getPinRound() == 0 ? "" : " (pinned)");
    }

    private static String migrated(JobStatus job) {
        return (job.getFilesUnchanged() == 0 ? "" : "  " + job.getFilesUnchanged() + " unchanged")
                + (job.getFilesToDelete() == 0
                        ? ""
                        : "  " + job.getFilesDeleted() + " of " + job.getFilesToDelete() + " deleted");
    }

    /** What a dry run found, in the order of the names. */
    private static void printPlan(JobStatus job) {
        for (PlannedFile file : job.getPlanList()) {
            System.out.println(
                    file.getDeleted()
                            ? "delete  " + file.getPath()
                            : "copy    " + file.getPath() + "  " + Amounts.bytes(file.getLengthBytes()));
        }
        long all = job.getFilesTotal() - job.getFilesDone() - job.getFilesFailed() + job.getFilesToDelete();
        if (job.getSpec().getMigrate().getDryRun() && all > job.getPlanCount()) {
            System.out.println("and " + (all - job.getPlanCount()) + " more");
        }
    }

    static String state(JobStatus job) {
        return job.getState().name().substring("STATE_".length()).toLowerCase(Locale.ROOT);
    }

    static void print(JobStatus job, OutputFormat output) {
        if (output == OutputFormat.JSON) {
            System.out.println(MessageJson.of(job));
            return;
        }
        System.out.println(line(job));
        printPlan(job);
        for (JobFailure failure : job.getFailuresList()) {
            System.err.println(
                    "headrace: " + (failure.getPath().isEmpty() ? "" : failure.getPath() + ": ") + failure.getReason());
        }
        if (job.getFilesFailed() > job.getFailuresCount()) {
            System.err.println("headrace: and " + (job.getFilesFailed() - job.getFailuresCount()) + " more");
        }
    }

    /** Of who waited for its end. */
    static ExitCode codeOf(JobStatus job) {
        return switch (job.getState()) {
            case STATE_COMPLETE -> ExitCode.OK;
            case STATE_INCOMPLETE, STATE_CANCELLED -> ExitCode.INCOMPLETE;
            case STATE_RUNNING, STATE_UNSPECIFIED, UNRECOGNIZED -> ExitCode.FAILED;
        };
    }
}
