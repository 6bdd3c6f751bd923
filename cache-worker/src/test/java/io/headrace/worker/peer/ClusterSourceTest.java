package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Placement;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.testing.fault.Fault;
import io.headrace.testing.fault.FaultProxy;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client before two real workers, the first of them behind a proxy that spoils what it says. */
final class ClusterSourceTest {
    private static final int MIB = 1 << 20;
    private static final FileVersion FILE = CountedOrigin.version("model", 25L * MIB + 1234);
    private static final FileVersion SMALL = CountedOrigin.version("config", 777);

    private static final Placement FIRST_THEN_SECOND = (version, block, view, replicas) -> view.workers();

    /** So that a busy machine does not look like a dead worker where a test is about something else. */
    private static final PeerSettings PATIENT =
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45));

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private TestWorker first;
    private TestWorker second;
    private FaultProxy proxy;
    private SetViews views;
    private WorkerConnections connections = new WorkerConnections(PATIENT, () -> Bytes.EMPTY);

    @BeforeEach
    void start() throws IOException {
        first = TestWorker.start("w1", directory, origin);
        second = TestWorker.start("w2", directory, origin);
        proxy = FaultProxy.before(URI.create("http://127.0.0.1:" + first.port()));
        views = new SetViews(TestWorker.workerAt("w1", proxy.port()), second.worker());
    }

    @AfterEach
    void stop() throws IOException {
        connections.close();
        proxy.close();
        first.close();
        second.close();
    }

    @Test
    void every_byte_of_random_ranges_is_right_and_leaves_the_origin_once() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RangeSource source = source(1);
        for (int i = 0; i < 40; i++) {
            long offset = random.nextLong(FILE.lengthBytes());
            long length = 1 + random.nextLong(Math.min(12L * MIB, FILE.lengthBytes() - offset));
            int buffer = 1 + random.nextInt(2 * MIB);
            try {
                SourceReads.readChecked(source, FILE, new ByteRange(offset, length), buffer, position -> {});
            } catch (AssertionError | IOException e) {
                throw new AssertionError("seed " + seed + ", read " + i, e);
            }
        }
        SourceReads.readChecked(source, SMALL, SMALL.wholeFile());
        assertThat(origin.givenBytes()).isLessThanOrEqualTo(FILE.lengthBytes() + SMALL.lengthBytes());
    }

    @Test
    void a_second_read_costs_no_byte_of_the_origin() throws IOException {
        SourceReads.readChecked(source(1), FILE, FILE.wholeFile());
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
        SourceReads.readChecked(source(1), FILE, FILE.wholeFile());
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    @Test
    void a_worker_that_goes_away_in_the_middle_is_followed_by_the_replica_at_the_byte_reached() throws IOException {
        boolean[] gone = new boolean[1];
        // More than one READ asks for, so that not all of it can be on its way already.
        ByteRange range = new ByteRange(0, 24 * MIB);
        RangeSource source = new ClusterSource(new Cluster(views, FIRST_THEN_SECOND, 2), connections, Optional.empty());
        SourceReads.readChecked(source, FILE, range, 64 << 10, position -> {
            if (position >= 2 * MIB && !gone[0]) {
                gone[0] = true;
                proxy.inject(new Fault.Reset());
                proxy.disconnect();
            }
        });
        assertThat(gone[0]).isTrue();
        assertThat(second.openedFiles()).isPositive();
    }

    @Test
    void damaged_bytes_are_never_told_of_and_come_from_the_replica() throws IOException {
        // Behind the heads of the answers to OPEN and READ: in the middle of the first payload.
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
        proxy.inject(new Fault.Corrupt(300_000));
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
        assertThat(proxy.spoiledAnswers()).isPositive();
        assertThat(second.openedFiles()).isPositive();
    }

    @Test
    void a_bit_that_flips_in_a_cache_after_it_was_verified_is_repaired_by_its_worker() throws IOException {
        SourceReads.readChecked(source(1), FILE, FILE.wholeFile());
        SourceReads.readChecked(source(1), FILE, FILE.wholeFile());
        flipABitOf(FILE);

        SourceReads.readChecked(source(1), FILE, FILE.wholeFile());

        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes() + 4 * MIB);
        SourceReads.readChecked(source(1), FILE, FILE.wholeFile());
        assertThat(origin.givenBytes()).isEqualTo(FILE.lengthBytes() + 4 * MIB);
    }

    private void flipABitOf(FileVersion version) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path kept = files.filter(path -> path.toFile().length() == version.lengthBytes())
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile bytes = new RandomAccessFile(kept.toFile(), "rw")) {
                // In a block that the worker keeps: the others are holes.
                long at = kept.startsWith(directory.resolve("w1")) ? 1_000_000 : 5_000_000;
                bytes.seek(at);
                int was = bytes.read();
                bytes.seek(at);
                bytes.write(was ^ 16);
            }
        }
    }

    @Test
    void a_damaged_head_is_found_too() throws IOException {
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, MIB));
        proxy.inject(new Fault.Corrupt(10));
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
        assertThat(proxy.spoiledAnswers()).isPositive();
        assertThat(second.openedFiles()).isPositive();
    }

    @Test
    void an_answer_that_is_cut_short_goes_on_with_the_replica() throws IOException {
        proxy.inject(new Fault.Cut(1_000_000));
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
        assertThat(proxy.spoiledAnswers()).isPositive();
        assertThat(second.openedFiles()).isPositive();
    }

    @Test
    void a_worker_that_says_nothing_is_given_up_for_the_replica() throws IOException {
        connections.close();
        connections = new WorkerConnections(
                new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(45)),
                () -> Bytes.EMPTY);
        proxy.inject(new Fault.Hang(200));
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
        assertThat(proxy.spoiledAnswers()).isPositive();
        assertThat(second.openedFiles()).isPositive();
    }

    @Test
    void a_worker_that_waits_for_its_origin_is_not_given_up() throws Exception {
        connections.close();
        connections = new WorkerConnections(
                new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(45)),
                () -> Bytes.EMPTY);
        CountDownLatch gate = new CountDownLatch(1);
        origin.weather((version, offset) -> {
            try {
                // Longer than the stall timeout; the test is slow because that is what it is about.
                if (gate.await(6, TimeUnit.SECONDS)) {
                    throw new IOException("nobody opens the gate");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            origin.weather((any, at) -> {});
        });
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
        assertThat(origin.givenBytes()).isEqualTo(4 * MIB);
    }

    @Test
    void a_connection_that_the_worker_closed_meanwhile_is_made_anew() throws IOException {
        SourceReads.readChecked(source(1), FILE, new ByteRange(0, MIB));
        proxy.disconnect();
        SourceReads.readChecked(source(1), FILE, new ByteRange(0, 4 * MIB));
    }

    @Test
    void nobody_who_answers_is_a_retryable_error_that_names_who_was_asked() throws IOException {
        connections.close();
        connections = new WorkerConnections(
                new PeerSettings(4, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1)),
                () -> Bytes.EMPTY);
        proxy.close();
        second.stopServing();
        assertThatThrownBy(() -> SourceReads.readChecked(source(2), FILE, new ByteRange(0, MIB)))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("w1")
                .hasMessageContaining("w2")
                .hasMessageContaining("[0, " + MIB + ") of " + FILE);
    }

    @Test
    void the_origin_is_asked_when_no_worker_answers_and_it_is_allowed() throws IOException {
        proxy.close();
        second.stopServing();
        CountedOrigin own = new CountedOrigin();
        SourceReads.readChecked(source(2, Optional.of(own)), FILE, new ByteRange(MIB, 9 * MIB));
        assertThat(own.givenBytes()).isEqualTo(9 * MIB);
    }

    @Test
    void without_any_worker_the_origin_is_asked_once() throws IOException {
        views.become();
        CountedOrigin own = new CountedOrigin();
        SourceReads.readChecked(source(2, Optional.of(own)), FILE, FILE.wholeFile());
        assertThat(own.givenBytes()).isEqualTo(FILE.lengthBytes());
    }

    @Test
    void a_view_that_comes_while_nobody_answers_is_looked_at() throws Exception {
        views.become();
        CompletableFuture<Void> read = CompletableFuture.runAsync(() -> {
            try {
                SourceReads.readChecked(source(1), FILE, new ByteRange(0, MIB));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        views.become(second.worker());
        read.get(45, TimeUnit.SECONDS);
    }

    @Test
    void a_suspect_is_asked_last() throws IOException {
        Worker suspect = first.worker();
        views.become(
                new Worker(
                        suspect.id(),
                        suspect.blocks(),
                        suspect.topology(),
                        suspect.capacityBytes(),
                        WorkerState.SUSPECT),
                second.worker());
        SourceReads.readChecked(source(2), FILE, FILE.wholeFile());
        assertThat(first.store().residency(FILE)).isEmpty();
        await().until(() -> second.store().residency(FILE).isPresent());
    }

    @Test
    void what_the_origin_says_through_a_worker_is_thrown_when_the_others_keep_nothing() {
        AtomicReference<IOException> said = new AtomicReference<>(new OriginException.VersionChanged("replaced"));
        origin.weather((version, offset) -> {
            throw said.get();
        });
        assertThatThrownBy(() -> SourceReads.readChecked(source(2), FILE, new ByteRange(0, MIB)))
                .isInstanceOf(OriginException.VersionChanged.class)
                .hasMessageContaining("worker w1")
                .hasMessageContaining("replaced");
        said.set(new OriginException.Refused(OriginException.Refusal.TLS, "who are you"));
        assertThatThrownBy(() -> SourceReads.readChecked(source(2), FILE, new ByteRange(0, MIB)))
                .isInstanceOf(OriginException.Refused.class);
    }

    @Test
    void bytes_that_a_replica_keeps_are_read_though_the_object_is_gone() throws IOException {
        views.become(second.worker());
        SourceReads.readChecked(source(1), FILE, new ByteRange(0, 4 * MIB));
        await().until(() -> second.store().residency(FILE).isPresent());
        views.become(first.worker(), second.worker());
        origin.weather((version, offset) -> {
            throw new OriginException.NotFound("deleted");
        });
        SourceReads.readChecked(source(2), FILE, new ByteRange(0, 4 * MIB));
    }

    @Test
    void closing_a_channel_ends_a_read_that_waits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        origin.weather((version, offset) -> {
            asked.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        try (ReadableByteChannel channel = source(1).open(FILE, new ByteRange(0, MIB), FetchReason.DEMAND)) {
            CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> {
                try {
                    return new AssertionError("read " + channel.read(ByteBuffer.allocate(MIB)));
                } catch (IOException e) {
                    return e;
                }
            });
            assertThat(asked.await(45, TimeUnit.SECONDS)).isTrue();
            channel.close();
            assertThat(outcome.get(45, TimeUnit.SECONDS)).isInstanceOf(AsynchronousCloseException.class);
        } finally {
            gate.countDown();
        }
    }

    private RangeSource source(int replicas) {
        return source(replicas, Optional.empty());
    }

    private RangeSource source(int replicas, Optional<RangeSource> own) {
        return new ClusterSource(new Cluster(views, SetViews.ROUND, replicas), connections, own);
    }
}
