package io.headrace.cli.jobs;

import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.cluster.MasterOption;
import io.headrace.cli.commands.MessageJson;
import io.headrace.protocol.v1.CancelJobRequest;
import io.headrace.protocol.v1.GetJobRequest;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobsGrpc.JobsBlockingStub;
import io.headrace.protocol.v1.ListJobsReply;
import io.headrace.protocol.v1.ListJobsRequest;
import io.headrace.protocol.v1.RetryJobRequest;
import java.io.IOException;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows a cluster's jobs, waits for them, cancels them, and tries again what failed.",
        footer = {
            "",
            "  headrace jobs list",
            "  headrace jobs wait 7",
            "",
            "A job goes on when its master or a worker ends, and when the one who asked for it is gone."
        })
public final class JobsCommand {
    /** What each of them takes. */
    static final class Target {
        @Mixin
        private MasterOption master = new MasterOption();

        @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
        private OutputFormat output = OutputFormat.TEXT;

        JobCalls connect() throws IOException {
            return new JobCalls(master.connect());
        }

        /** Prints the job that the call answers with. */
        int print(Function<JobsBlockingStub, JobStatus> question) throws Exception {
            try (JobCalls calls = connect()) {
                JobReport.print(calls.ask(question), output);
                return ExitCode.OK.status();
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows all jobs, the newest first.")
    int list(@Mixin Target target) throws Exception {
        try (JobCalls calls = target.connect()) {
            ListJobsReply jobs = calls.ask(stub -> stub.listJobs(ListJobsRequest.getDefaultInstance()));
            if (target.output == OutputFormat.JSON) {
                System.out.println(MessageJson.of(jobs));
            } else {
                jobs.getJobsList().forEach(job -> System.out.println(JobReport.line(job)));
            }
            return ExitCode.OK.status();
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a job, and the files that failed.")
    int show(@Mixin Target target, @Parameters(paramLabel = "ID") long id) throws Exception {
        return target.print(
                stub -> stub.getJob(GetJobRequest.newBuilder().setId(id).build()));
    }

    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Ends a job; what it did stays.")
    int cancel(@Mixin Target target, @Parameters(paramLabel = "ID") long id) throws Exception {
        return target.print(
                stub -> stub.cancelJob(CancelJobRequest.newBuilder().setId(id).build()));
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Does again what failed; all of it when the job was cancelled.")
    int retry(@Mixin Target target, @Parameters(paramLabel = "ID") long id) throws Exception {
        return target.print(
                stub -> stub.retryJob(RetryJobRequest.newBuilder().setId(id).build()));
    }

    @Command(
            name = "wait",
            mixinStandardHelpOptions = true,
            description = "Shows a job's progress until its end. Ctrl-C leaves the job running.")
    int await(@Mixin Target target, @Parameters(paramLabel = "ID") long id) throws Exception {
        try (JobCalls calls = target.connect()) {
            JobStatus job = calls.ask(
                    stub -> stub.getJob(GetJobRequest.newBuilder().setId(id).build()));
            return new JobWait(calls, target.output).forEnd(job).status();
        }
    }
}
