package io.headrace.cli.jobs;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.commands.LoadBar;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.GetJobRequest;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.LoadProgress;
import java.util.concurrent.TimeUnit;

/** Waits for a job's end with its progress: a bar on a terminal, else a line each few seconds. A master that is away is waited for. */
final class JobWait {
    private static final long LOOK_MILLIS = 500;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_AWAY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final JobCalls calls;
    private final OutputFormat output;
    private volatile boolean over;
    private long printedAt = System.nanoTime();
    private long heardAt = System.nanoTime();

    JobWait(JobCalls calls, OutputFormat output) {
        this.calls = calls;
        this.output = output;
    }

    /** Prints how it ended; Ctrl-C leaves it running. */
    ExitCode forEnd(JobStatus submitted) throws CommandException, OriginException, InterruptedException {
        long id = submitted.getId();
        Thread farewell = Thread.ofPlatform().unstarted(() -> {
            if (!over) {
                System.err.println("\nheadrace: job " + id + " goes on without you. See it: headrace jobs wait " + id
                        + ". End it: headrace jobs cancel " + id);
            }
        });
        Runtime.getRuntime().addShutdownHook(farewell);
        try (LoadBar bar = output == OutputFormat.TEXT ? LoadBar.onTerminal(work(submitted)) : LoadBar.none()) {
            JobStatus job = submitted;
            while (job.getState() == JobStatus.State.STATE_RUNNING) {
                bar.show(progress(job));
                line(job, bar);
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                job = look(job);
            }
            bar.show(progress(job));
            bar.close();
            JobReport.print(job, output);
            return JobReport.codeOf(job);
        } finally {
            over = true;
        }
    }

    private static String work(JobStatus job) {
        return job.getSpec().hasMigrate() ? "copy" : "load";
    }

    private JobStatus look(JobStatus last) throws CommandException, OriginException {
        try {
            JobStatus now = calls.ask(stub ->
                    stub.getJob(GetJobRequest.newBuilder().setId(last.getId()).build()));
            heardAt = System.nanoTime();
            return now;
        } catch (CommandException e) {
            if (e.code() != ExitCode.ORIGIN_UNAVAILABLE || System.nanoTime() - heardAt > LONGEST_AWAY_NANOS) {
                throw e;
            }
            return last;
        }
    }

    private void line(JobStatus job, LoadBar bar) {
        if (output == OutputFormat.TEXT && !bar.isDrawn() && System.nanoTime() - printedAt > LINE_NANOS) {
            printedAt = System.nanoTime();
            System.err.println(JobReport.line(job));
        }
    }

    private static LoadProgress progress(JobStatus job) {
        return LoadProgress.newBuilder()
                .setBytesTotal(job.getBytesTotal())
                .setBytesFetched(job.getBytesFetched())
                .setBytesPresent(job.getBytesPresent())
                .setFilesDone(job.getFilesDone())
                .setFilesTotal(job.getFilesTotal())
                .setCounting(job.getCounting())
                .build();
    }
}
