package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.Affinity;
import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.Standpoint;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.store.Residency;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients in two zones, each of which has a worker. */
final class AffinityTest {
    private static final FileVersion FILE = CountedOrigin.version("model", (33 << 20) + 5);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);
    private TestWorker inA;
    private TestWorker inB;
    private SetViews views;

    @BeforeEach
    void start() throws IOException {
        inA = TestWorker.start("w1", directory, origin);
        inB = TestWorker.start("w2", directory, origin);
        views = new SetViews(in("a", inA.worker()), in("b", inB.worker()));
    }

    @AfterEach
    void stop() throws IOException {
        connections.close();
        inA.close();
        inB.close();
    }

    @Test
    void clients_of_both_zones_that_start_together_cost_the_origin_each_byte_once() throws Exception {
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (String zone : List.of("a", "b", "a", "b")) {
            reads.add(CompletableFuture.runAsync(() -> read(client(zone, Affinity.PREFER))));
        }
        for (CompletableFuture<Void> read : reads) {
            read.get(45, TimeUnit.SECONDS);
        }
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    @Test
    void a_copy_in_the_own_zone_is_read_and_the_owner_in_another_left_alone() {
        fill(inB);
        read(client("b", Affinity.PREFER));
        assertThat(inA.store().residency(FILE)).isEmpty();
        read(client("a", Affinity.PREFER));
        assertThat(inA.store().residency(FILE)).isPresent();
    }

    @Test
    void with_a_required_zone_its_worker_fetches_and_the_others_are_not_asked() {
        read(client("a", Affinity.REQUIRE_ZONE));
        assertThat(inB.store().residency(FILE)).isEmpty();
        await().until(() -> isComplete(inA));
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    @Test
    void a_required_zone_without_workers_is_an_error_that_says_so() {
        connections.close();
        try (WorkerConnections brief = new WorkerConnections(
                new PeerSettings(1, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1)),
                () -> Bytes.EMPTY)) {
            RangeSource client = client("c", Affinity.REQUIRE_ZONE, brief);
            assertThatThrownBy(() -> SourceReads.readChecked(client, FILE, FILE.wholeFile()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("no worker is known in zone c");
        }
    }

    private void fill(TestWorker worker) {
        SetViews alone = new SetViews(worker.worker());
        read(new ClusterSource(new Cluster(alone, SetViews.ROUND, 1), connections, Optional.empty()));
        await().until(() -> isComplete(worker));
    }

    private static boolean isComplete(TestWorker worker) {
        return worker.store().residency(FILE).map(Residency::complete).orElse(false);
    }

    private RangeSource client(String zone, Affinity affinity) {
        return client(zone, affinity, connections);
    }

    private RangeSource client(String zone, Affinity affinity, WorkerConnections by) {
        Standpoint standpoint =
                new Standpoint(new Topology("client-of-" + zone, Optional.of(zone), Optional.of("r")), affinity, 1);
        return new ClusterSource(new Cluster(views, SetViews.ROUND, 2), standpoint, by, Optional.empty());
    }

    private static void read(RangeSource source) {
        try {
            SourceReads.readChecked(source, FILE, FILE.wholeFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Worker in(String zone, Worker worker) {
        return new Worker(
                worker.id(),
                worker.blocks(),
                new Topology(worker.id().value(), Optional.of(zone), Optional.of("r")),
                worker.capacityBytes(),
                worker.state());
    }
}
