package io.headrace.client.sdk;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.client.names.MasterException;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.JobFailure;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.JobsGrpc.JobsBlockingStub;
import io.headrace.protocol.v1.LoadSpec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks a master about jobs, each question once and with a deadline. Thread-safe. */
final class Jobs {
    private static final long ANSWER_SECONDS = 10;

    private final ManagedChannel master;

    Jobs(ManagedChannel master) {
        this.master = master;
    }

    LoadJob submit(LoadRequest request) throws IOException {
        JobSpec spec = JobSpec.newBuilder()
                .setLoad(LoadSpec.newBuilder()
                        .addAllPaths(request.paths())
                        .setReplicas(request.replicas())
                        .addAllZones(request.zones()))
                .setMaxBytesPerSecond(request.maxBytesPerSecond())
                .setVerify(request.verify())
                .build();
        return new LoadJob(call(stub -> stub.submitJob(spec)).getId(), this);
    }

    LoadStatus ask(Function<JobsBlockingStub, JobStatus> question) throws IOException {
        return status(call(question));
    }

    private JobStatus call(Function<JobsBlockingStub, JobStatus> question) throws IOException {
        try {
            return question.apply(JobsGrpc.newBlockingStub(master).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException failed) {
            throw explained(failed);
        }
    }

    /** @throws IllegalArgumentException when the master says that there can be no such job */
    private IOException explained(StatusRuntimeException failed) {
        Optional<OriginException> refusal = MasterTrouble.refusal(master.authority(), failed);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Status status = failed.getStatus();
        String said = Objects.toString(status.getDescription(), status.getCode().name());
        return switch (status.getCode()) {
            case NOT_FOUND -> new NoSuchFileException(said);
            case INVALID_ARGUMENT -> throw new IllegalArgumentException(said, failed);
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED ->
                new MasterException.Unavailable(
                        "the master at " + master.authority() + " did not answer about a job ("
                                + MasterTrouble.why(failed) + "); ask again, and look whether it runs",
                        failed);
            case FAILED_PRECONDITION, RESOURCE_EXHAUSTED ->
                new MasterException.Unavailable(
                        "the master at " + master.authority() + " takes no job now: " + said + "; ask again later",
                        failed);
            default ->
                new MasterException.Failed(
                        "the master at " + master.authority() + " failed when it was asked about a job: " + said
                                + "; its log says why",
                        failed);
        };
    }

    private static LoadStatus status(JobStatus job) throws IOException {
        return new LoadStatus(
                state(job),
                job.getCounting(),
                job.getFilesTotal(),
                job.getFilesDone(),
                job.getFilesFailed(),
                job.getBytesTotal(),
                job.getBytesFetched(),
                job.getBytesPresent(),
                job.getTrouble().isEmpty() ? Optional.empty() : Optional.of(job.getTrouble()),
                job.getFailuresList().stream().map(Jobs::failure).toList());
    }

    private static LoadStatus.State state(JobStatus job) throws IOException {
        return switch (job.getState()) {
            case STATE_RUNNING -> LoadStatus.State.RUNNING;
            case STATE_COMPLETE -> LoadStatus.State.COMPLETE;
            case STATE_INCOMPLETE -> LoadStatus.State.INCOMPLETE;
            case STATE_CANCELLED -> LoadStatus.State.CANCELLED;
            case STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IOException("the master tells a state of job " + job.getId()
                        + " that this client does not know; look that both run the same version of Headrace");
        };
    }

    private static LoadStatus.Failure failure(JobFailure failure) {
        return new LoadStatus.Failure(failure.getPath(), failure.getReason());
    }
}
