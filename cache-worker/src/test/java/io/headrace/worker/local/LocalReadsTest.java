package io.headrace.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.Standpoint;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.local.NodeStores;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Placement;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.protocol.token.TokenException;
import io.headrace.store.CachedFile;
import io.headrace.store.Residency;
import io.headrace.store.StoreUsage;
import io.headrace.store.Tier;
import io.headrace.worker.peer.SetViews;
import io.headrace.worker.peer.SourceReads;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client beside a worker that lends its files. */
final class LocalReadsTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion FILE = CountedOrigin.version("model", 21L * MIB + 1234);
    private static final FileVersion SMALL = CountedOrigin.version("config", 777);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);
    private LocalSettings settings = LocalSettings.defaults();
    private LendingWorker worker;
    private SetViews views;
    private NodeStores stores;

    @BeforeEach
    void start() throws IOException {
        Path sockets = Files.createDirectory(
                directory.resolve("s"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        settings = settings.in(sockets);
        worker = LendingWorker.start("w1", directory, origin, settings);
        views = new SetViews(worker.worker());
        stores = stores(settings);
    }

    @AfterEach
    void stop() throws IOException {
        stores.close();
        connections.close();
        await().untilAsserted(() -> assertThat(worker.leases()).isZero());
        worker.close();
    }

    @Test
    void what_the_worker_has_is_read_past_the_network() throws IOException {
        fill(FILE);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long total = 0;
        for (int i = 0; i < 100; i++) {
            long offset = random.nextLong(FILE.lengthBytes());
            long length = 1 + random.nextLong(Math.min(9L * MIB, FILE.lengthBytes() - offset));
            int buffer = 1 + random.nextInt(2 * MIB);
            try {
                SourceReads.readChecked(source(), FILE, new ByteRange(offset, length), buffer, position -> {});
            } catch (AssertionError | IOException e) {
                throw new AssertionError("seed " + seed + ", read " + i, e);
            }
            total += length;
        }
        assertThat(worker.network().openedFiles()).as("over the network").isZero();
        assertThat(stores.tally().bytes()).isEqualTo(total);
        assertThat(stores.tally().opened()).isEqualTo(1);
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    @Test
    void blocks_that_come_after_the_file_was_lent_are_read_past_the_network_too() throws IOException {
        fill(FILE, new ByteRange(0, 1));
        SourceReads.readChecked(source(), FILE, new ByteRange(0, 100));
        fill(FILE);
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        assertThat(stores.tally().opened()).isEqualTo(1);
        assertThat(stores.tally().bytes()).isEqualTo(100 + FILE.lengthBytes());
        assertThat(worker.network().openedFiles()).isZero();
    }

    @Test
    void what_the_worker_lacks_is_filled_over_the_network_and_read_past_it_from_then_on() throws IOException {
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        assertThat(worker.network().openedFiles()).isPositive();
        awaitKept(FILE);
        long before = stores.tally().bytes();
        long opened = worker.network().openedFiles();
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        assertThat(stores.tally().bytes() - before).isEqualTo(FILE.lengthBytes());
        assertThat(worker.network().openedFiles()).isEqualTo(opened);
    }

    @Test
    void small_files_come_over_the_network_without_a_question() throws IOException {
        SourceReads.readChecked(source(), SMALL, SMALL.wholeFile());
        assertThat(stores.tally().questions()).isZero();
        assertThat(worker.network().openedFiles()).isEqualTo(1);
    }

    @Test
    void a_worker_that_does_not_own_a_block_is_read_when_it_has_it_and_not_filled() throws IOException {
        FileVersion other = CountedOrigin.version("other", 9 * MIB);
        fill(FILE);
        try (TestWorker owner = TestWorker.start("w2", directory, origin)) {
            views.become(worker.worker(), owner.worker());
            RangeSource source =
                    source((version, block, view, replicas) -> view.workers().subList(1, 2));
            SourceReads.readChecked(source, FILE, FILE.wholeFile());
            assertThat(owner.openedFiles()).isZero();
            for (int i = 0; i < 3; i++) {
                SourceReads.readChecked(source, other, other.wholeFile());
            }
            assertThat(owner.openedFiles()).isPositive();
            assertThat(worker.network().store().residency(other)).isEmpty();
            assertThat(stores.tally().absent()).isPositive();
        }
    }

    @Test
    void a_file_that_is_evicted_while_it_is_read_is_read_right_to_its_end() throws IOException {
        fill(FILE);
        boolean[] evicted = new boolean[1];
        SourceReads.readChecked(source(), FILE, FILE.wholeFile(), 64 << 10, position -> {
            if (!evicted[0]) {
                evicted[0] = true;
                assertThat(worker.network().store().evict(FILE))
                        .as("what is lent occupies its space")
                        .isZero();
                assertThat(usedBytes()).isEqualTo(FILE.lengthBytes());
            }
        });
    }

    @Test
    void the_lease_of_an_evicted_file_ends_although_its_reader_reads_on() throws IOException {
        fill(FILE);
        SourceReads.readChecked(source(), FILE, new ByteRange(0, 100));
        worker.network().store().evict(FILE);
        await().untilAsserted(() -> {
            SourceReads.readChecked(source(), FILE, new ByteRange(0, 100));
            assertThat(worker.lentBytes()).isLessThanOrEqualTo(Blocks.BLOCK_BYTES);
        });
    }

    @Test
    void the_space_of_an_evicted_file_comes_back_when_its_reader_ends() throws IOException {
        fill(FILE);
        SourceReads.readChecked(source(), FILE, new ByteRange(0, 100));
        worker.network().store().evict(FILE);
        assertThat(usedBytes()).isEqualTo(FILE.lengthBytes());
        stores.close();
        await().untilAsserted(() -> assertThat(usedBytes()).isZero());
    }

    @Test
    void a_file_that_was_cut_short_is_read_over_the_network() throws IOException {
        fill(FILE);
        SourceReads.readChecked(source(), FILE, new ByteRange(0, 100));
        try (Stream<Path> files = Files.walk(directory.resolve("w1/blocks"))) {
            Path kept = files.filter(path -> path.toString().endsWith(".blocks"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(kept.toFile(), "rw")) {
                file.setLength(5 * MIB);
            }
        }
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        assertThat(stores.tally().failures()).isPositive();
    }

    @Test
    void without_a_token_that_is_asked_for_the_network_answers() throws IOException {
        fill(FILE);
        worker.stopLending();
        Authorizer strict = (client, token) -> {
            throw new TokenException(TokenException.Reason.MISSING, "no token");
        };
        try (LendingWorker other = LendingWorker.start("w3", directory, origin, settings, strict)) {
            views.become(other.worker());
            SourceReads.readChecked(source(), FILE, FILE.wholeFile());
            assertThat(other.leases()).isZero();
            assertThat(other.answered("unauthorized")).isPositive();
            assertThat(stores.tally().bytes()).isZero();
        }
        worker.lendAgain();
    }

    @Test
    void a_mount_that_a_token_does_not_cover_is_not_lent() throws IOException {
        Authorizer none = (client, token) -> mount -> Optional.of("not yours");
        try (LendingWorker other = LendingWorker.start("w3", directory, origin, settings, none)) {
            views.become(other.worker());
            SourceReads.readChecked(source(), FILE, FILE.wholeFile());
            SourceReads.readChecked(source(), FILE, FILE.wholeFile());
            assertThat(other.answered("unauthorized")).isPositive();
            assertThat(stores.tally().bytes()).isZero();
        }
    }

    @Test
    void no_more_is_lent_than_the_settings_permit() throws IOException {
        FileVersion second = CountedOrigin.version("second", 9 * MIB);
        LocalSettings one = settings.bounded(64, 1, 75, 256);
        try (LendingWorker other = LendingWorker.start("w3", directory, origin, one)) {
            views.become(other.worker());
            for (FileVersion version : new FileVersion[] {FILE, second, FILE, second}) {
                SourceReads.readChecked(source(), version, version.wholeFile());
                await().until(() -> isKept(other, version));
            }
            assertThat(other.leases()).isEqualTo(1);
            assertThat(other.answered("overloaded")).isPositive();
            stores.close();
            await().untilAsserted(() -> assertThat(other.leases()).isZero());
        }
    }

    @Test
    void a_client_keeps_no_more_files_than_the_settings_permit() throws IOException {
        stores.close();
        stores = stores(settings.bounded(64, 4096, 75, 2));
        for (int i = 0; i < 5; i++) {
            FileVersion version = CountedOrigin.version("file-" + i, 5 * MIB);
            fill(version);
            SourceReads.readChecked(source(), version, version.wholeFile());
        }
        assertThat(stores.tally().bytes()).isEqualTo(25 * MIB);
        await().untilAsserted(() -> assertThat(worker.leases()).isLessThanOrEqualTo(2));
    }

    @Test
    void leases_are_asked_for_again_after_the_worker_came_back() throws IOException {
        fill(FILE);
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        worker.stopLending();
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        worker.lendAgain();
        await().untilAsserted(() -> {
            SourceReads.readChecked(source(), FILE, FILE.wholeFile());
            assertThat(worker.leases()).isEqualTo(1);
        });
    }

    @Test
    void a_directory_that_others_may_write_is_neither_used_nor_believed() throws IOException {
        fill(FILE);
        worker.stopLending();
        Files.setPosixFilePermissions(directory.resolve("s"), PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(worker::lendAgain).isInstanceOf(IOException.class).hasMessageContaining("local.directory");
        SourceReads.readChecked(source(), FILE, FILE.wholeFile());
        assertThat(stores.tally().questions()).isZero();
        Files.setPosixFilePermissions(directory.resolve("s"), PosixFilePermissions.fromString("rwx------"));
        worker.lendAgain();
    }

    private void fill(FileVersion version) throws IOException {
        fill(version, version.wholeFile());
    }

    private void fill(FileVersion version, ByteRange range) throws IOException {
        try (CachedFile file = worker.network().store().open(version, origin)) {
            file.load(range, FetchReason.LOAD, (fetched, present) -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void awaitKept(FileVersion version) {
        await().until(() -> isKept(worker, version));
    }

    private static boolean isKept(LendingWorker where, FileVersion version) {
        return where.network()
                .store()
                .residency(version)
                .filter(Residency::complete)
                .isPresent();
    }

    private long usedBytes() {
        StoreUsage.TierUsage disk = worker.network().store().usage().tiers().get(Tier.DISK);
        return Objects.requireNonNull(disk).usedBytes();
    }

    private NodeStores stores(LocalSettings how) {
        return new NodeStores(views, how, () -> Bytes.EMPTY);
    }

    private RangeSource source() {
        return source((version, block, view, replicas) -> view.workers());
    }

    private RangeSource source(Placement placement) {
        return new ClusterSource(
                new Cluster(views, placement, 1), Standpoint.NOWHERE, connections, Optional.of(stores));
    }
}
