package io.headrace.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.master.MasterServer;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.master.jobs.Jobs;
import io.headrace.master.jobs.JobsSettings;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.CancelJobRequest;
import io.headrace.protocol.v1.GetJobRequest;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobStatus.State;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.LoadSpec;
import io.headrace.protocol.v1.RetryJobRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.worker.OriginSettings;
import io.headrace.worker.OriginSource;
import io.headrace.worker.pin.KeptPins;
import io.headrace.worker.serve.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads of a cluster while its parts come and go: a master with its catalog and jobs, and workers with their stores. */
final class JobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int LARGE = 41 << 20;
    private static final int SMALL = 777;

    @TempDir
    Path directory;

    private final AtomicReference<ClusterView> view = new AtomicReference<>(ClusterView.NONE);
    private final AtomicBoolean refusing = new AtomicBoolean();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private RangeSource source;
    private Catalog catalog;
    private TestWorker first;
    private TestWorker second;
    private Jobs jobs;
    private MasterServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        Path origin = Files.createDirectories(directory.resolve("origin/sub"));
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        Files.write(origin.resolve("large"), large);
        Files.write(directory.resolve("origin/small"), new byte[SMALL]);
        Files.createFile(directory.resolve("origin/empty"));
        UnderStore store = UnderStores.open(directory.resolve("origin").toUri(), UnderStoreOptions.defaults());
        opened.push(store);
        OriginSource reads = new OriginSource(
                List.of(new OriginSource.OriginAccess(store, OriginSettings.defaults())), new SimpleMeterRegistry());
        opened.push(reads);
        source = (version, range, reason) -> {
            if (refusing.get() && version.lengthBytes() == LARGE) {
                throw new OriginException.Refused(Refusal.FORBIDDEN, "the test forbids it");
            }
            return reads.open(version, range, reason);
        };
        catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        opened.push(catalog);
        catalog.mount("data", store, MountSettings.defaults());
        first = TestWorker.start("w1", directory, source);
        opened.push(first);
        second = TestWorker.start("w2", directory, source);
        opened.push(second);
        view.set(new ClusterView(1, List.of(first.worker(), second.worker())));
        startMaster(0);
        channel = MasterChannel.open(new Endpoint("127.0.0.1", server.port()), InsecureChannelCredentials.create());
    }

    private void startMaster(int port) throws IOException {
        ClusterViews views = new ClusterViews() {
            @Override
            public ClusterView current() {
                return view.get();
            }

            @Override
            public List<ClusterView> earlier() {
                return List.of();
            }
        };
        jobs = Jobs.open(
                directory.resolve("jobs"),
                JobsSettings.defaults(),
                new Jobs.Surroundings(
                        catalog,
                        views,
                        Clock.systemUTC(),
                        Ticker.systemTicker(),
                        FaultPoints.NONE,
                        new SimpleMeterRegistry()));
        server = MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create(),
                List.of(jobs.service()));
    }

    private void work(TestWorker worker) {
        work(worker, worker.worker().id());
    }

    private void work(TestWorker worker, WorkerId id) {
        opened.push(JobRunner.start(
                channel,
                id,
                new JobPlace(worker.store(), source, KeptPins.of(worker.store()), FaultPoints.NONE),
                new Random(7)));
    }

    @AfterEach
    void stop() throws Exception {
        while (!opened.isEmpty()) {
            if (opened.peek() instanceof Catalog) {
                server.close();
                jobs.close();
            }
            opened.pop().close();
        }
        channel.shutdownNow();
    }

    @Test
    void every_owner_has_its_blocks_when_a_load_is_complete() {
        work(first);
        work(second);
        JobStatus job = ended(load("data").getId());
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_COMPLETE);
        assertThat(job.getFilesDone()).isEqualTo(3);
        assertThat(job.getFilesTotal()).isEqualTo(3);
        assertThat(job.getBytesTotal()).isEqualTo(LARGE + SMALL);
        assertThat(job.getBytesFetched()).isEqualTo(LARGE + SMALL);
        assertThat(kept(first) + kept(second)).isGreaterThanOrEqualTo(LARGE);
        assertThat(kept(first)).isPositive();
        assertThat(kept(second)).isPositive();
    }

    @Test
    void a_new_master_goes_on_with_the_counts_of_the_old() throws Exception {
        work(first);
        long id = load("data/sub").getId();
        await().atMost(PATIENCE).until(() -> get(id).getBytesFetched() > 0 && !get(id).getCounting());
        int port = server.port();
        server.close();
        jobs.close();
        startMaster(port);
        channel.resetConnectBackoff();
        assertThat(get(id).getBytesTotal()).isEqualTo(LARGE);
        assertThat(get(id).getState()).isEqualTo(State.STATE_RUNNING);

        work(second);
        JobStatus job = ended(id);
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_COMPLETE);
        assertThat(job.getBytesFetched() + job.getBytesPresent()).isEqualTo(LARGE);
    }

    @Test
    void the_tasks_of_a_worker_that_left_go_to_the_new_owners() {
        work(first);
        long id = load("data").getId();
        await().atMost(PATIENCE).until(() -> get(id).getBytesFetched() > 0 && !get(id).getCounting());
        view.set(new ClusterView(2, List.of(first.worker())));
        JobStatus job = ended(id);
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_COMPLETE);
        assertThat(kept(first)).isGreaterThanOrEqualTo(LARGE);
    }

    @Test
    void a_file_that_failed_is_named_and_a_retry_loads_it() {
        work(first);
        work(second);
        refusing.set(true);
        long id = load("data").getId();
        JobStatus failed = ended(id);
        assertThat(failed.getState()).as("%s", failed).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(failed.getFilesFailed()).isEqualTo(1);
        assertThat(failed.getFilesDone()).isEqualTo(2);
        assertThat(failed.getFailuresList()).singleElement().satisfies(failure -> {
            assertThat(failure.getPath()).isEqualTo("data/sub/large");
            assertThat(failure.getReason()).contains("the test forbids it");
        });

        refusing.set(false);
        JobStatus _ = stub().retryJob(RetryJobRequest.newBuilder().setId(id).build());
        JobStatus job = ended(id);
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_COMPLETE);
        assertThat(job.getFilesFailed()).isZero();
        assertThat(job.getFilesDone()).isEqualTo(3);
    }

    @Test
    void a_cancelled_load_ends_and_may_begin_again() {
        long id = load("data").getId();
        JobStatus cancelled =
                stub().cancelJob(CancelJobRequest.newBuilder().setId(id).build());
        assertThat(cancelled.getState()).isEqualTo(State.STATE_CANCELLED);
        JobStatus _ = stub().retryJob(RetryJobRequest.newBuilder().setId(id).build());
        work(first);
        work(second);
        assertThat(ended(id).getState()).isEqualTo(State.STATE_COMPLETE);
        assertThat(get(id).getFilesTotal()).isEqualTo(3);
    }

    @Test
    void a_path_that_is_not_there_is_an_incomplete_load() {
        JobStatus job = ended(load("data/none").getId());
        assertThat(job.getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(job.getFailuresList())
                .singleElement()
                .satisfies(failure -> assertThat(failure.getReason()).contains("data/none"));
    }

    @Test
    void a_rate_is_that_of_all_workers_together_however_little_each_has_to_do() {
        List<Worker> many = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            TestWorker place = i % 2 == 0 ? first : second;
            Worker like = place.worker();
            WorkerId id = new WorkerId("r" + i);
            many.add(new Worker(id, like.blocks(), like.topology(), like.capacityBytes(), like.state()));
            work(place, id);
        }
        view.set(new ClusterView(2, many));
        long rate = 8 << 20;
        long begun = System.nanoTime();
        JobStatus job = ended(stub().submitJob(JobSpec.newBuilder()
                        .setMaxBytesPerSecond(rate)
                        .setLoad(LoadSpec.newBuilder().addPaths("data"))
                        .build())
                .getId());
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_COMPLETE);
        assertThat(job.getBytesFetched()).isEqualTo(LARGE + SMALL);
        assertThat(seconds).isGreaterThan(0.8 * (LARGE + SMALL) / rate);
    }

    private JobStatus load(String path) {
        return stub().submitJob(JobSpec.newBuilder()
                .setVerify(true)
                .setLoad(LoadSpec.newBuilder().addPaths(path))
                .build());
    }

    private JobStatus get(long id) {
        return stub().getJob(GetJobRequest.newBuilder().setId(id).build());
    }

    private JobStatus ended(long id) {
        return await().atMost(PATIENCE).until(() -> get(id), job -> job.getState() != State.STATE_RUNNING);
    }

    private JobsGrpc.JobsBlockingStub stub() {
        return JobsGrpc.newBlockingStub(channel).withWaitForReady().withDeadlineAfter(45, TimeUnit.SECONDS);
    }

    private static long kept(TestWorker worker) {
        return worker.store().usage().tiers().values().stream()
                .mapToLong(tier -> tier.usedBytes())
                .sum();
    }
}
