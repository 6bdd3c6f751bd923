package io.headrace.cli.jobs;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.JobsGrpc.JobsBlockingStub;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks a master about jobs. Closes its connection. */
record JobCalls(MasterConnection master) implements Closeable {
    private static final long ANSWER_SECONDS = 10;

    <T> T ask(Function<JobsBlockingStub, T> question) throws CommandException, OriginException {
        return master.ask(channel ->
                question.apply(JobsGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)));
    }

    /** Prints the job; with {@code wait}, when it has ended. */
    ExitCode submit(JobSpec spec, boolean wait, OutputFormat output)
            throws CommandException, OriginException, InterruptedException {
        JobStatus job = ask(stub -> stub.submitJob(spec));
        if (wait) {
            return new JobWait(this, output).forEnd(job);
        }
        JobReport.print(job, output);
        return ExitCode.OK;
    }

    @Override
    public void close() throws IOException {
        master.close();
    }
}
