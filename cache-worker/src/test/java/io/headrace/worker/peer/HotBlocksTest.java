package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.store.Residency;
import io.headrace.worker.demand.BlockDemand;
import io.headrace.worker.demand.HotBlockSettings;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients before four workers, by a clock that the test moves. */
final class HotBlocksTest {
    /** One block, which {@link SetViews#ROUND} gives to the first worker. */
    private static final FileVersion FILE = CountedOrigin.version("model", 2 << 20);

    private static final int CLIENTS = 48;
    private static final int ROUNDS = 6;
    private static final PeerSettings PATIENT =
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45));

    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong();
    private final CountedOrigin origin = new CountedOrigin();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SetViews views = new SetViews();
    private final WorkerConnections between = new WorkerConnections(PATIENT, () -> Bytes.EMPTY);
    private final WorkerConnections ofClients =
            new WorkerConnections(PATIENT, () -> Bytes.EMPTY, Optional.empty(), now::get);
    private final List<TestWorker> workers = new ArrayList<>();
    private final List<RangeSource> clients = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        HotBlockSettings settings = new HotBlockSettings(ByteSize.ofMebibytes(2), 4);
        for (String name : List.of("w1", "w2", "w3", "w4")) {
            Neighbourhood neighbourhood = new Neighbourhood(new WorkerId(name), views, SetViews.ROUND, 1);
            workers.add(TestWorker.startHot(
                    name,
                    directory,
                    new PeerSource(neighbourhood, between, origin),
                    new BlockDemand(settings, name.equals("w1") ? meters : new SimpleMeterRegistry(), now::get)));
        }
        views.become(workers.stream().map(TestWorker::worker).toArray(Worker[]::new));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new ClusterSource(new Cluster(views, SetViews.ROUND, 1), ofClients, Optional.empty()));
        }
    }

    @AfterEach
    void stop() throws IOException {
        ofClients.close();
        between.close();
        for (TestWorker worker : workers) {
            worker.close();
        }
    }

    @Test
    void the_owner_of_a_block_that_many_read_gives_less_than_its_readers_take_and_the_origin_gives_it_once()
            throws IOException {
        heat();
        List<Long> before = served();

        everybodyReads();

        List<Long> after = served();
        long all = sum(after) - sum(before);
        assertThat(all).isGreaterThanOrEqualTo(CLIENTS * FILE.lengthBytes());
        assertThat(after.getFirst() - before.getFirst()).isLessThan(all * 6 / 10);
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
        assertThat(meters.get("headrace.serve.hot.blocks").gauge().value()).isOne();
        assertThat(meters.get("headrace.serve.hot.hints").counter().count()).isPositive();
    }

    @Test
    void when_demand_has_ended_readers_ask_the_owner_alone() throws IOException {
        heat();
        pass(60);
        List<Long> before = served();

        for (RangeSource client : clients.subList(0, 4)) {
            SourceReads.readChecked(client, FILE, FILE.wholeFile());
        }

        List<Long> after = served();
        assertThat(after.getFirst() - before.getFirst()).isEqualTo(4 * FILE.lengthBytes());
        assertThat(after.subList(1, 4)).isEqualTo(before.subList(1, 4));
        assertThat(meters.get("headrace.serve.hot.blocks").gauge().value()).isZero();
    }

    @Test
    void a_reader_of_a_hot_block_goes_on_when_the_owner_that_it_chose_is_gone() throws IOException {
        heat();
        workers.subList(1, 4).forEach(TestWorker::stopServing);

        everybodyReads();

        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    /** Until the block has four owners, each of which keeps it. */
    private void heat() throws IOException {
        everybodyReads();
        await().until(() -> workers.getFirst()
                .store()
                .residency(FILE)
                .map(Residency::complete)
                .orElse(false));
        for (int i = 0; i < ROUNDS; i++) {
            everybodyReads();
            pass(1);
        }
        await().until(() -> workers.stream()
                .allMatch(worker -> worker.store().residency(FILE).isPresent()));
    }

    private void everybodyReads() throws IOException {
        for (RangeSource client : clients) {
            SourceReads.readChecked(client, FILE, FILE.wholeFile());
        }
    }

    /** What each worker gave so far. */
    private List<Long> served() {
        return workers.stream().map(TestWorker::servedBytes).toList();
    }

    private static long sum(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
