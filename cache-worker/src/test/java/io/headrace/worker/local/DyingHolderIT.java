package io.headrace.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.Standpoint;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.local.NodeStores;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.store.CachedFile;
import io.headrace.store.Tier;
import io.headrace.worker.peer.SetViews;
import io.headrace.worker.peer.SourceReads;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of both, who lends and who borrows, is killed. */
final class DyingHolderIT {
    private static final FileVersion FILE = CountedOrigin.version("model", 40 << 20);

    @TempDir
    Path directory;

    @Test
    void a_client_that_is_killed_frees_its_leases() throws Exception {
        CountedOrigin origin = new CountedOrigin();
        try (LendingWorker worker = LendingWorker.start("w1", directory, origin, settings());
                CachedFile file = worker.network().store().open(FILE, origin)) {
            file.load(FILE.wholeFile(), FetchReason.LOAD, (fetched, present) -> {});
            ChildProcess client = ChildProcess.start(
                    directory.resolve("client.log"),
                    BorrowerChild.class,
                    "w1",
                    sockets().toString(),
                    "model",
                    Long.toString(FILE.lengthBytes()));
            try {
                assertThat(client.said("read ")).isEqualTo("1000");
                assertThat(worker.leases()).isEqualTo(1);
                file.close();
                assertThat(worker.network().store().evict(FILE)).isZero();
                assertThat(usedBytes(worker)).isEqualTo(FILE.lengthBytes());
            } finally {
                client.kill();
            }
            await().untilAsserted(() -> {
                assertThat(worker.leases()).isZero();
                assertThat(usedBytes(worker)).isZero();
            });
        }
    }

    @Test
    void readers_go_on_when_the_worker_that_lent_is_killed_and_borrow_from_its_successor() throws Exception {
        ChildProcess dying = worker("first.log");
        try (TestWorker replica = TestWorker.start("w2", directory, new CountedOrigin());
                WorkerConnections connections = new WorkerConnections(
                        new PeerSettings(4, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(45)),
                        () -> Bytes.EMPTY)) {
            SetViews views = new SetViews(TestWorker.workerAt("w1", port(dying)), replica.worker());
            try (NodeStores stores = new NodeStores(views, settings(), () -> Bytes.EMPTY)) {
                ClusterSource source = new ClusterSource(
                        new Cluster(views, (version, block, view, replicas) -> view.workers(), 2),
                        Standpoint.NOWHERE,
                        connections,
                        Optional.of(stores));
                awaitBorrowed(source, stores);
                long[] lent = new long[1];
                boolean[] killed = new boolean[1];
                SourceReads.readChecked(source, FILE, FILE.wholeFile(), 64 << 10, position -> {
                    if (position >= FILE.lengthBytes() / 2 && !killed[0]) {
                        killed[0] = true;
                        lent[0] = stores.tally().bytes();
                        dying.kill();
                    }
                });
                assertThat(lent[0]).as("borrowed bytes").isPositive();
                SourceReads.readChecked(source, FILE, FILE.wholeFile());

                ChildProcess successor = worker("second.log");
                try {
                    views.become(TestWorker.workerAt("w1", port(successor)), replica.worker());
                    // The dead worker's file is read on for some seconds, as it may be.
                    await().untilAsserted(() -> {
                        SourceReads.readChecked(source, FILE, FILE.wholeFile());
                        assertThat(stores.tally().opened()).isGreaterThanOrEqualTo(2);
                    });
                    awaitBorrowed(source, stores);
                } finally {
                    successor.kill();
                }
            }
        } finally {
            dying.kill();
        }
    }

    /** Reads until every byte comes past the network. */
    private static void awaitBorrowed(ClusterSource source, NodeStores stores) {
        await().untilAsserted(() -> {
            long before = stores.tally().bytes();
            SourceReads.readChecked(source, FILE, FILE.wholeFile());
            assertThat(stores.tally().bytes() - before).isEqualTo(FILE.lengthBytes());
        });
    }

    private ChildProcess worker(String log) throws IOException {
        return ChildProcess.start(
                directory.resolve(log),
                LendingWorkerChild.class,
                "w1",
                directory.resolve("child").toString(),
                sockets().toString());
    }

    private Path sockets() {
        return directory.resolve("sockets");
    }

    private LocalSettings settings() {
        return LocalSettings.defaults().in(sockets());
    }

    private static long usedBytes(LendingWorker worker) {
        return Objects.requireNonNull(worker.network().store().usage().tiers().get(Tier.DISK))
                .usedBytes();
    }

    private static int port(ChildProcess child) throws IOException {
        return Integer.parseInt(child.said("port "));
    }
}
