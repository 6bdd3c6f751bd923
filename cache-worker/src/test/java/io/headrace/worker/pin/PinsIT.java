package io.headrace.worker.pin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.master.MasterServer;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.master.jobs.Jobs;
import io.headrace.master.jobs.JobsSettings;
import io.headrace.master.jobs.PinLoads;
import io.headrace.master.pins.PinSettings;
import io.headrace.master.pins.Pins;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.v1.ListPinsReply;
import io.headrace.protocol.v1.ListPinsRequest;
import io.headrace.protocol.v1.Pin;
import io.headrace.protocol.v1.PinsGrpc;
import io.headrace.protocol.v1.RemovePinReply;
import io.headrace.protocol.v1.RemovePinRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.store.Residency;
import io.headrace.worker.OriginSettings;
import io.headrace.worker.OriginSource;
import io.headrace.worker.job.JobPlace;
import io.headrace.worker.job.JobRunner;
import io.headrace.worker.peer.PeerSource;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
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
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster pins, while workers and files go: a master with its catalog, jobs and pins, and three workers that fill from each other. */
final class PinsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int LENGTH = 41 << 20;
    private static final long CAPACITY = 128 << 20;
    private static final PinSettings QUICK = new PinSettings(Duration.ofMillis(100), Duration.ofHours(1));

    @TempDir
    Path directory;

    private final AtomicReference<ClusterView> view = new AtomicReference<>(ClusterView.NONE);
    private final List<ClusterView> before = new ArrayList<>();
    private final SimpleMeterRegistry originMeters = new SimpleMeterRegistry();
    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<TestWorker> workers = new ArrayList<>();
    private final List<JobRunner> runners = new ArrayList<>();
    private Catalog catalog;
    private Jobs jobs;
    private Pins pins;
    private MasterServer server;
    private ManagedChannel channel;

    private final ClusterViews views = new ClusterViews() {
        @Override
        public ClusterView current() {
            return view.get();
        }

        @Override
        public List<ClusterView> earlier() {
            synchronized (before) {
                return List.copyOf(before);
            }
        }
    };

    @BeforeEach
    void start() throws Exception {
        write("model", LENGTH);
        write("small", 777);
        UnderStore store = UnderStores.open(origin().toUri(), UnderStoreOptions.defaults());
        opened.push(store);
        OriginSource reads = new OriginSource(
                List.of(new OriginSource.OriginAccess(store, OriginSettings.defaults())), originMeters);
        opened.push(reads);
        catalog = Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
        opened.push(catalog);
        catalog.mount("data", store, new MountSettings(Duration.ofMillis(200), false, Duration.ofSeconds(1)));
        startMaster();
        channel = MasterChannel.open(new Endpoint("127.0.0.1", server.port()), InsecureChannelCredentials.create());
        for (String name : List.of("w1", "w2", "w3")) {
            Neighbourhood neighbourhood = new Neighbourhood(new WorkerId(name), views, new RendezvousPlacement(), 2);
            PeerSource source = new PeerSource(neighbourhood, connections, reads);
            TestWorker worker = TestWorker.start(name, directory, source);
            workers.add(worker);
            runners.add(JobRunner.start(
                    channel,
                    worker.worker().id(),
                    new JobPlace(worker.store(), source, KeptPins.of(worker.store()), FaultPoints.NONE),
                    new Random(7)));
        }
        view.set(viewOf(1, workers));
    }

    private void startMaster() throws IOException {
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
        pins = Pins.open(
                directory.resolve("pins"),
                QUICK,
                new Pins.Surroundings(
                        new PinLoads(jobs, catalog),
                        views,
                        catalog,
                        Map::of,
                        Clock.systemUTC(),
                        Ticker.systemTicker(),
                        new SimpleMeterRegistry()));
        int port = server == null ? 0 : server.port();
        server = MasterServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                InsecureServerCredentials.create(),
                List.of(jobs.service(), pins.service()));
    }

    private void stopMaster() {
        server.close();
        pins.close();
        jobs.close();
    }

    @AfterEach
    void stop() throws Exception {
        runners.forEach(JobRunner::close);
        connections.close();
        for (TestWorker worker : workers) {
            worker.close();
        }
        stopMaster();
        channel.shutdownNow();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void when_a_worker_is_gone_each_block_has_two_copies_again_and_the_origin_gives_nothing() throws Exception {
        pin("data", 2);
        awaitHealed();
        FileVersion model = version("model");
        assertThat(kept(workers, model)).isEqualTo(2L * LENGTH);
        double given = originBytes();

        List<TestWorker> left = workers.subList(1, 3);
        runners.getFirst().close();
        workers.getFirst().stopServing();
        synchronized (before) {
            before.addFirst(view.get());
        }
        view.set(viewOf(2, left));

        await().atMost(PATIENCE).until(() -> kept(left, model) == 2L * LENGTH);
        awaitHealed();
        assertThat(originBytes()).isEqualTo(given);
        assertThat(left)
                .allSatisfy(worker -> assertThat(worker.store().pinned()).contains(model, version("small")));
    }

    @Test
    void a_file_that_was_replaced_is_loaded_and_its_old_version_is_let_go() throws Exception {
        pin("data/model", 1);
        awaitHealed();
        FileVersion old = version("model");

        write("model", LENGTH / 2);
        await().atMost(PATIENCE).until(() -> !version("model").equals(old));
        FileVersion fresh = version("model");

        await().atMost(PATIENCE).until(() -> kept(workers, fresh) == LENGTH / 2);
        await().atMost(PATIENCE)
                .until(() -> workers.stream()
                        .noneMatch(worker -> worker.store().pinned().contains(old)));
        assertThat(workers)
                .anySatisfy(worker -> assertThat(worker.store().pinned()).contains(fresh));
    }

    @Test
    void what_is_unpinned_may_be_evicted_again_and_stays_cached_until_then() throws Exception {
        pin("data", 1);
        awaitHealed();
        assertThat(workers)
                .anySatisfy(worker -> assertThat(worker.store().pinned()).isNotEmpty());

        RemovePinReply _ =
                stub().removePin(RemovePinRequest.newBuilder().setPath("data").build());

        await().atMost(PATIENCE)
                .until(() -> workers.stream()
                        .allMatch(worker -> worker.store().pinned().isEmpty()));
        assertThat(kept(workers, version("model"))).isEqualTo(LENGTH);
    }

    @Test
    void a_new_master_knows_the_pins_and_heals_what_was_lost_while_there_was_none() throws Exception {
        pin("data", 1);
        awaitHealed();
        FileVersion model = version("model");
        stopMaster();
        for (TestWorker worker : workers) {
            long _ = worker.store().evict(model);
        }
        assertThat(kept(workers, model)).isZero();

        startMaster();
        channel.resetConnectBackoff();
        await().atMost(PATIENCE).until(() -> kept(workers, model) == LENGTH);
        assertThat(pins().getPinsList())
                .containsExactly(Pin.newBuilder().setPath("data").setReplicas(1).build());
    }

    @Test
    void what_is_not_there_or_does_not_fit_is_refused_and_says_why() {
        assertThatThrownBy(() -> pin("data/none", 1))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("NOT_FOUND")
                .hasMessageContaining("data/none");
        view.set(new ClusterView(
                2,
                List.of(
                        with(workers.get(0).worker(), LENGTH / 2),
                        with(workers.get(1).worker(), LENGTH / 4))));
        assertThatThrownBy(() -> pin("data", 1))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("RESOURCE_EXHAUSTED")
                .hasMessageContaining("pin less, or add workers");
        assertThatThrownBy(() -> stub().removePin(
                                RemovePinRequest.newBuilder().setPath("data").build()))
                .hasMessageContaining("not pinned");
        assertThat(pins().getPinsList()).isEmpty();
    }

    private void pin(String path, int replicas) {
        Pin _ = stub().setPin(
                        Pin.newBuilder().setPath(path).setReplicas(replicas).build());
    }

    private ListPinsReply pins() {
        return stub().listPins(ListPinsRequest.getDefaultInstance());
    }

    private void awaitHealed() {
        await().atMost(PATIENCE).until(this::pins, ListPinsReply::getHealed);
    }

    private PinsGrpc.PinsBlockingStub stub() {
        return PinsGrpc.newBlockingStub(channel).withWaitForReady().withDeadlineAfter(45, TimeUnit.SECONDS);
    }

    private FileVersion version(String name) throws IOException {
        Entry entry = catalog.find(Bytes.utf8("data/" + name)).orElseThrow();
        return ((Entry.FileEntry) entry).version();
    }

    private static long kept(List<TestWorker> workers, FileVersion version) {
        return workers.stream()
                .mapToLong(worker -> worker.store()
                        .residency(version)
                        .map(Residency::uniqueBytes)
                        .orElse(0L))
                .sum();
    }

    private double originBytes() {
        return originMeters.find("headrace.origin.bytes").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private Path origin() throws IOException {
        return Files.createDirectories(directory.resolve("origin"));
    }

    private void write(String name, int lengthBytes) throws IOException {
        byte[] bytes = new byte[lengthBytes];
        Arrays.fill(bytes, (byte) name.length());
        Files.write(origin().resolve(name), bytes);
    }

    private static ClusterView viewOf(long epoch, List<TestWorker> workers) {
        return new ClusterView(
                epoch,
                workers.stream().map(worker -> with(worker.worker(), CAPACITY)).toList());
    }

    private static Worker with(Worker worker, long capacityBytes) {
        return new Worker(worker.id(), worker.blocks(), worker.topology(), capacityBytes, WorkerState.ACTIVE);
    }
}
