package io.headrace.master.jobs;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.headrace.master.UnaryCall;
import io.headrace.master.access.Caller;
import io.headrace.protocol.MountId;
import io.headrace.protocol.v1.CancelJobRequest;
import io.headrace.protocol.v1.GetJobRequest;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.LeaseTasksReply;
import io.headrace.protocol.v1.LeaseTasksRequest;
import io.headrace.protocol.v1.ListJobsReply;
import io.headrace.protocol.v1.ListJobsRequest;
import io.headrace.protocol.v1.ReportTasksReply;
import io.headrace.protocol.v1.ReportTasksRequest;
import io.headrace.protocol.v1.RetryJobRequest;
import io.headrace.protocol.v1.TaskReport;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Answers the calls of {@code jobs.proto}. */
final class JobsService extends JobsGrpc.JobsImplBase {
    private static final int MOST_LEASED = 64;
    private static final long ASK_AGAIN_MILLIS = 500;

    private final Jobs jobs;

    JobsService(Jobs jobs) {
        this.jobs = jobs;
    }

    private static <T> void answer(StreamObserver<T> reply, UnaryCall.Question<T> question) {
        UnaryCall.give(reply, question, JobsService::told);
    }

    private static Optional<StatusRuntimeException> told(IOException failure) {
        String why = String.valueOf(failure.getMessage());
        return switch (failure) {
            case NoSuchJobException _ -> Optional.of(UnaryCall.failure(Status.NOT_FOUND, why));
            case JobRefusedException _ -> Optional.of(UnaryCall.failure(Status.FAILED_PRECONDITION, why));
            default -> Optional.empty();
        };
    }

    @Override
    public void submitJob(JobSpec request, StreamObserver<JobStatus> reply) {
        answer(reply, () -> {
            JobSpec spec = JobSpecs.tidy(request.toBuilder().clearPinRound().build());
            requireCovered(spec);
            return jobs.submit(spec);
        });
    }

    /** Workers read and write with their own credentials, so the caller must be one who may have both places. */
    private static void requireCovered(JobSpec spec) {
        if (spec.hasMigrate()) {
            Caller.require(MountId.of(URI.create(spec.getMigrate().getSource())));
            Caller.require(MountId.of(URI.create(spec.getMigrate().getTarget())));
        }
    }

    @Override
    public void getJob(GetJobRequest request, StreamObserver<JobStatus> reply) {
        answer(reply, () -> jobs.get(request.getId()));
    }

    @Override
    public void listJobs(ListJobsRequest request, StreamObserver<ListJobsReply> reply) {
        answer(reply, () -> ListJobsReply.newBuilder().addAllJobs(jobs.list()).build());
    }

    @Override
    public void cancelJob(CancelJobRequest request, StreamObserver<JobStatus> reply) {
        answer(reply, () -> jobs.cancel(request.getId()));
    }

    @Override
    public void retryJob(RetryJobRequest request, StreamObserver<JobStatus> reply) {
        answer(reply, () -> jobs.retry(request.getId()));
    }

    @Override
    public void leaseTasks(LeaseTasksRequest request, StreamObserver<LeaseTasksReply> reply) {
        answer(
                reply,
                () -> LeaseTasksReply.newBuilder()
                        .addAllTasks(jobs.lease(request.getWorkerId(), Math.clamp(request.getMost(), 0, MOST_LEASED)))
                        .setLeaseMillis(jobs.leaseMillis())
                        .setAskAgainMillis(ASK_AGAIN_MILLIS)
                        .setHealedPinRound(jobs.healedPinRound())
                        .build());
    }

    @Override
    public void reportTasks(ReportTasksRequest request, StreamObserver<ReportTasksReply> reply) {
        answer(reply, () -> {
            ReportTasksReply.Builder unwanted = ReportTasksReply.newBuilder();
            for (TaskReport report : request.getReportsList()) {
                if (!jobs.report(request.getWorkerId(), report)) {
                    unwanted.addUnwantedIds(report.getId());
                }
            }
            return unwanted.build();
        });
    }
}
