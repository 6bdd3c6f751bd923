package io.headrace.client.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.names.MasterException;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.v1.CancelJobRequest;
import io.headrace.protocol.v1.GetJobRequest;
import io.headrace.protocol.v1.JobFailure;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobsGrpc;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Before a master that says what the test wants. */
final class JobsTest {
    private final ScriptedJobs master = new ScriptedJobs();
    private Server server;
    private ManagedChannel channel;
    private Jobs jobs;

    /** Answers a question about a job with the next of its answers, and goes on with the last. */
    private static final class ScriptedJobs extends JobsGrpc.JobsImplBase {
        private final List<JobSpec> submitted = new CopyOnWriteArrayList<>();
        private final Deque<JobStatus> answers = new ArrayDeque<>();
        private Status failure = Status.OK;
        private int failuresLeft;

        synchronized void says(JobStatus.State... states) {
            answers.clear();
            for (JobStatus.State state : states) {
                answers.add(status(state));
            }
        }

        synchronized void fails(int times, Status how) {
            failure = how;
            failuresLeft = times;
        }

        private static JobStatus status(JobStatus.State state) {
            return JobStatus.newBuilder()
                    .setId(7)
                    .setState(state)
                    .setFilesTotal(3)
                    .setFilesDone(2)
                    .setFilesFailed(1)
                    .setBytesTotal(300)
                    .setBytesFetched(200)
                    .setBytesPresent(50)
                    .setTrouble("the origin is slow")
                    .addFailures(JobFailure.newBuilder().setPath("models/a").setReason("it is gone"))
                    .build();
        }

        private synchronized void answer(StreamObserver<JobStatus> reply) {
            if (failuresLeft > 0) {
                failuresLeft--;
                reply.onError(failure.asRuntimeException());
                return;
            }
            reply.onNext(answers.size() > 1 ? answers.remove() : answers.element());
            reply.onCompleted();
        }

        @Override
        public void submitJob(JobSpec request, StreamObserver<JobStatus> reply) {
            submitted.add(request);
            answer(reply);
        }

        @Override
        public void getJob(GetJobRequest request, StreamObserver<JobStatus> reply) {
            answer(reply);
        }

        @Override
        public void cancelJob(CancelJobRequest request, StreamObserver<JobStatus> reply) {
            says(JobStatus.State.STATE_CANCELLED);
            answer(reply);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(master)
                .build()
                .start();
        channel = MasterChannel.open(new Endpoint("127.0.0.1", server.getPort()), InsecureChannelCredentials.create());
        jobs = new Jobs(channel);
        master.says(JobStatus.State.STATE_RUNNING);
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(server.awaitTermination(45, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void what_is_asked_for_goes_to_the_master() throws IOException {
        LoadJob job = jobs.submit(LoadRequest.of("models/a", "models/b")
                .withReplicas(2)
                .inZones("z1")
                .withMaxBytesPerSecond(1000)
                .verified());
        assertThat(job.id()).isEqualTo(7);
        JobSpec spec = master.submitted.getFirst();
        assertThat(spec.getLoad().getPathsList()).containsExactly("models/a", "models/b");
        assertThat(spec.getLoad().getReplicas()).isEqualTo(2);
        assertThat(spec.getLoad().getZonesList()).containsExactly("z1");
        assertThat(spec.getMaxBytesPerSecond()).isEqualTo(1000);
        assertThat(spec.getVerify()).isTrue();
    }

    @Test
    void a_status_says_what_the_master_says() throws IOException {
        assertThat(job().status())
                .isEqualTo(new LoadStatus(
                        LoadStatus.State.RUNNING,
                        false,
                        3,
                        2,
                        1,
                        300,
                        200,
                        50,
                        Optional.of("the origin is slow"),
                        List.of(new LoadStatus.Failure("models/a", "it is gone"))));
    }

    @Test
    void its_end_is_waited_for() throws IOException {
        master.says(JobStatus.State.STATE_RUNNING, JobStatus.State.STATE_RUNNING, JobStatus.State.STATE_INCOMPLETE);
        assertThat(job().await(Duration.ofSeconds(45)).state()).isEqualTo(LoadStatus.State.INCOMPLETE);
    }

    @Test
    void a_load_that_goes_on_at_the_end_of_the_patience_is_told_as_it_is() throws IOException {
        assertThat(job().await(Duration.ofMillis(50)).isOver()).isFalse();
    }

    @Test
    void a_master_that_is_away_is_waited_for() throws IOException {
        master.says(JobStatus.State.STATE_COMPLETE);
        LoadJob job = job();
        master.fails(3, Status.UNAVAILABLE);
        assertThat(job.await(Duration.ofSeconds(45)).state()).isEqualTo(LoadStatus.State.COMPLETE);
        master.fails(Integer.MAX_VALUE, Status.UNAVAILABLE);
        assertThatThrownBy(() -> job.await(Duration.ZERO)).isInstanceOf(MasterException.Unavailable.class);
    }

    @Test
    void it_can_be_cancelled() throws IOException {
        assertThat(job().cancel().state()).isEqualTo(LoadStatus.State.CANCELLED);
    }

    @Test
    void a_job_that_is_forgotten_is_not_there() throws IOException {
        LoadJob job = job();
        master.fails(1, Status.NOT_FOUND.withDescription("there is no job 7"));
        assertThatThrownBy(job::status).isInstanceOf(NoSuchFileException.class).hasMessageContaining("no job 7");
    }

    @Test
    void what_can_be_no_job_is_a_mistake_of_the_caller() {
        master.fails(1, Status.INVALID_ARGUMENT.withDescription("\"..\" is no path"));
        assertThatThrownBy(this::job)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no path");
        assertThatThrownBy(() -> LoadRequest.of()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void who_may_not_load_is_refused() {
        master.fails(1, Status.PERMISSION_DENIED.withDescription("the token lacks the right to load"));
        assertThatThrownBy(this::job)
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("lacks the right");
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"FAILED_PRECONDITION", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "DEADLINE_EXCEEDED"})
    void what_may_pass_says_so(Status.Code code) {
        master.fails(1, Status.fromCode(code).withDescription("too many"));
        assertThatThrownBy(this::job)
                .isInstanceOf(MasterException.Unavailable.class)
                .hasMessageContaining("ask again");
    }

    @Test
    void what_the_master_gets_wrong_is_told() {
        master.fails(1, Status.INTERNAL.withDescription("its disk is full"));
        assertThatThrownBy(this::job)
                .isInstanceOf(MasterException.Failed.class)
                .hasMessageContaining("its disk is full");
    }

    private LoadJob job() throws IOException {
        return jobs.submit(LoadRequest.of("models"));
    }
}
