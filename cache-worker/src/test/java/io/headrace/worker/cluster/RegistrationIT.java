package io.headrace.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.headrace.client.cluster.WatchedViews;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.v1.DrainReply;
import io.headrace.protocol.v1.DrainRequest;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.ListedWorker;
import io.headrace.protocol.v1.MemberState;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.testing.ChildJvm;
import io.headrace.worker.cluster.RegistrationState.Joined;
import io.headrace.worker.cluster.RegistrationState.Refused;
import io.headrace.worker.cluster.RegistrationState.Seeking;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers, a master and a reader of its views over real connections. */
final class RegistrationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @TempDir
    Path directory;

    private LoopbackCluster cluster;
    private ManagedChannel channel;
    private WatchedViews views;

    @BeforeEach
    void start() throws Exception {
        cluster = new LoopbackCluster(directory.resolve("master"));
        channel = cluster.channel();
        views = WatchedViews.start(channel, new Random(1));
    }

    @AfterEach
    void stop() {
        views.close();
        cluster.close();
    }

    @Test
    void a_worker_joins_drains_when_asked_and_leaves() throws Exception {
        WorkerIdentity identity = identity("one");
        try (Registration one = register(identity, 1)) {
            awaitState(identity.id(), WorkerState.ACTIVE);
            assertThat(identity.cluster()).contains(cluster.cluster().clusterId());
            await().until(() -> listed().getTiersCount() == 1);
            DrainReply _ = MembershipGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .drain(DrainRequest.newBuilder()
                            .setId(identity.id().value())
                            .build());
            awaitState(identity.id(), WorkerState.DRAINING);
            await().until(one::isDrainWanted);
            one.leave();
            await().until(() -> views.current().workers().isEmpty());
            assertThat(views.earlier()).hasSize(1);
        }
    }

    @Test
    void a_worker_that_says_it_drains_owns_nothing_though_the_master_restarts() throws Exception {
        WorkerIdentity identity = identity("one");
        try (Registration one = register(identity, 1)) {
            awaitState(identity.id(), WorkerState.ACTIVE);
            one.startDraining();
            awaitState(identity.id(), WorkerState.DRAINING);
            long epoch = views.current().epoch();
            cluster.stopMaster();
            cluster.startMaster();
            await().until(() -> one.state() instanceof Joined && views.isConnected());
            // Its tiers are known again: it was heard of since.
            await().until(() -> listed().getTiersCount() == 1);
            assertThat(listed().getMember().getState()).isEqualTo(MemberState.MEMBER_STATE_DRAINING);
            assertThat(views.current().epoch()).isGreaterThanOrEqualTo(epoch);
        }
    }

    @Test
    void readers_keep_the_view_while_the_master_is_away_and_epochs_go_on_when_it_is_back() throws Exception {
        WorkerIdentity identity = identity("one");
        try (Registration one = register(identity, 1)) {
            awaitState(identity.id(), WorkerState.ACTIVE);
            ClusterView before = views.current();
            cluster.stopMaster();
            await().until(() -> one.state() instanceof Seeking && !views.isConnected());
            assertThat(views.current()).isEqualTo(before);
            cluster.startMaster();
            await().until(() -> one.state() instanceof Joined && views.isConnected());
            // SUSPECT until it was heard of, then ACTIVE: two views more.
            await().until(() -> views.current().epoch() >= before.epoch() + 1);
            awaitState(identity.id(), WorkerState.ACTIVE);
            assertThat(views.current().workers()).isEqualTo(before.workers());
            assertThat(views.earlier()).isEmpty();
        }
    }

    @Test
    void a_stopped_worker_is_suspect_then_gone_and_joins_again_when_it_goes_on() throws Exception {
        WorkerId id = identity("one").id();
        Process worker = new ProcessBuilder(ChildJvm.command(
                        StoppableWorker.class,
                        Integer.toString(cluster.port()),
                        directory.resolve("one").toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("child.log").toFile())
                .start();
        try {
            awaitState(id, WorkerState.ACTIVE);
            signal(worker, "STOP");
            awaitState(id, WorkerState.SUSPECT);
            await().until(() -> views.current().workers().isEmpty());
            signal(worker, "CONT");
            awaitState(id, WorkerState.ACTIVE);
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void a_worker_that_starts_again_in_time_moves_no_block() throws Exception {
        WorkerIdentity identity = identity("one");
        try (Registration _ = register(identity, 1)) {
            awaitState(identity.id(), WorkerState.ACTIVE);
        }
        try (Registration again = register(identity("one"), 1)) {
            await().until(() -> again.state() instanceof Joined);
            awaitState(identity.id(), WorkerState.ACTIVE);
            assertThat(views.earlier()).isEmpty();
        }
    }

    @Test
    void a_second_worker_with_the_same_id_waits_until_the_first_is_silent() throws Exception {
        WorkerIdentity identity = identity("one");
        try (Registration one = register(identity, 1)) {
            awaitState(identity.id(), WorkerState.ACTIVE);
            try (Registration copy = register(identity("one"), 2)) {
                await().until(() -> copy.state() instanceof Seeking(String why) && why.contains("is a member at"));
                await().until(() -> one.state() instanceof Joined);
                one.close();
                await().until(() -> copy.state() instanceof Joined);
                await().until(() -> view(identity.id())
                        .filter(worker -> worker.blocks().port() == 7002)
                        .isPresent());
            }
        }
    }

    @Test
    void a_worker_of_another_cluster_is_refused_for_good() throws Exception {
        WorkerIdentity identity = identity("one");
        identity.belongTo("another");
        try (Registration one = register(identity, 1)) {
            await().until(() -> one.state() instanceof Refused);
            assertThat(((Refused) one.state()).why())
                    .contains("belongs to cluster another")
                    .contains(cluster.cluster().clusterId());
            assertThat(views.current().workers()).isEmpty();
        }
    }

    private WorkerIdentity identity(String name) throws IOException {
        return WorkerIdentity.open(directory.resolve(name));
    }

    private Registration register(WorkerIdentity identity, int number) {
        return Registration.start(cluster.channel(), identity, LoopbackCluster.worker(number), new Random());
    }

    private void awaitState(WorkerId id, WorkerState state) {
        await().until(() -> view(id).map(Worker::state), Optional.of(state)::equals);
    }

    private Optional<Worker> view(WorkerId id) {
        return views.current().worker(id);
    }

    private ListedWorker listed() {
        return MembershipGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .listWorkers(ListWorkersRequest.getDefaultInstance())
                .getWorkers(0);
    }

    private static void signal(Process process, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
