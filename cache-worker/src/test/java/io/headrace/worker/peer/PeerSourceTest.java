package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.store.Residency;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that fill from each other. */
final class PeerSourceTest {
    private static final FileVersion FILE = CountedOrigin.version("model", (17 << 20) + 5);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);

    @AfterEach
    void stop() {
        connections.close();
    }

    @Test
    void a_new_owner_fills_from_the_owner_before_it_and_the_origin_gives_nothing() throws IOException {
        try (TestWorker old = TestWorker.start("w1", directory, origin)) {
            SetViews views = new SetViews(old.worker());
            PeerSource ofOld = source("w1", views);
            SourceReads.readChecked(ofOld, FILE, new ByteRange(0, 1));
            fill(old);
            long before = origin.givenBytes();
            try (TestWorker fresh = TestWorker.start("w2", directory, source("w2", views))) {
                views.become(old.worker(), fresh.worker());
                fill(fresh);
                assertThat(fresh.store().residency(FILE).orElseThrow().complete())
                        .isTrue();
            }
            assertThat(origin.givenBytes()).isEqualTo(before);
        }
    }

    @Test
    void what_no_peer_keeps_comes_from_the_origin() throws IOException {
        try (TestWorker empty = TestWorker.start("w1", directory, origin)) {
            SetViews views = new SetViews(empty.worker());
            views.become(empty.worker(), TestWorker.workerAt("w2", 1));
            SourceReads.readChecked(source("w2", views), FILE, FILE.wholeFile());
            assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
            assertThat(empty.store().residency(FILE)).isEmpty();
        }
    }

    @Test
    void a_worker_that_is_about_to_leave_still_gives_what_it_has() throws IOException {
        try (TestWorker leaving = TestWorker.start("w1", directory, origin)) {
            SetViews views = new SetViews(leaving.worker());
            fill(leaving);
            long before = origin.givenBytes();
            Worker is = leaving.worker();
            views.become(
                    new Worker(is.id(), is.blocks(), is.topology(), is.capacityBytes(), WorkerState.DRAINING),
                    TestWorker.workerAt("w2", 1));
            SourceReads.readChecked(source("w2", views), FILE, FILE.wholeFile());
            assertThat(origin.givenBytes()).isEqualTo(before);
        }
    }

    @Test
    void a_peer_that_is_dead_costs_no_error() throws IOException {
        SetViews views = new SetViews(TestWorker.workerAt("w1", 1));
        views.become(TestWorker.workerAt("w1", 1), TestWorker.workerAt("w2", 1));
        SourceReads.readChecked(source("w2", views), FILE, FILE.wholeFile());
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    private PeerSource source(String self, SetViews views) {
        return new PeerSource(new Neighbourhood(new WorkerId(self), views, SetViews.ROUND, 1), connections, origin);
    }

    /** Through the worker's own port, as a client would. */
    private void fill(TestWorker worker) throws IOException {
        SetViews alone = new SetViews(worker.worker());
        SourceReads.readChecked(
                new ClusterSource(new ClusterSource.Cluster(alone, SetViews.ROUND, 1), connections, Optional.empty()),
                FILE,
                FILE.wholeFile());
        await().until(() ->
                worker.store().residency(FILE).map(Residency::complete).orElse(false));
    }
}
