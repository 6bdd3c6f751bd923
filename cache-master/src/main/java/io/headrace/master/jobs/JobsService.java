package io.headrace.master.jobs;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the calls of {@code jobs.proto}. */
final class JobsService extends JobsGrpc.JobsImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(JobsService.class);
    private static final int MOST_LEASED = 64;
    private static final long ASK_AGAIN_MILLIS = 500;

    private final Jobs jobs;

    JobsService(Jobs jobs) {
        this.jobs = jobs;
    }

    private interface Answer<T> {
        T make() throws IOException;
    }

    /** At a thread's root: whatever goes wrong becomes the call's failure. */
    @SuppressWarnings("IllegalCatch")
    private static <T> void answer(StreamObserver<T> reply, Answer<T> answer) {
        try {
            reply.onNext(answer.make());
            reply.onCompleted();
        } catch (NoSuchJobException e) {
            fail(reply, Status.NOT_FOUND, e);
        } catch (JobRefusedException e) {
            fail(reply, Status.FAILED_PRECONDITION, e);
        } catch (StatusRuntimeException e) {
            reply.onError(e);
        } catch (IllegalArgumentException e) {
            fail(reply, Status.INVALID_ARGUMENT, e);
        } catch (IOException | RuntimeException e) {
            LOG.error("a call about jobs failed", e);
            fail(reply, Status.INTERNAL, e);
        }
    }

    private static void fail(StreamObserver<?> reply, Status status, Exception why) {
        reply.onError(status.withDescription(why.getMessage()).asRuntimeException());
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
