package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.store.CachedFile;
import io.headrace.store.Residency;
import io.headrace.worker.drain.DrainSettings;
import io.headrace.worker.drain.HandOver;
import io.headrace.worker.drain.HandOverTally;
import io.headrace.worker.drain.HandOverTally.Outcome;
import io.headrace.worker.drain.Vacancies;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three workers with real stores and sockets, of which the first hands over. */
final class HandOverTest {
    private static final int BLOCKS = 12;
    private static final FileVersion FILE = CountedOrigin.version("model", (BLOCKS - 1L) * Blocks.BLOCK_BYTES + 5);
    private static final Map<WorkerId, Long> ROOM = Map.of();
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private final WorkerConnections connections = new WorkerConnections(
            new PeerSettings(4, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(45)),
            () -> Bytes.EMPTY);
    private final SetViews views = new SetViews();
    private final HandOverTally tally = new HandOverTally(new SimpleMeterRegistry());

    private TestWorker leaving;
    private TestWorker second;
    private TestWorker third;

    @BeforeEach
    void start() throws IOException {
        leaving = TestWorker.start("w1", directory, source("w1"));
        second = TestWorker.start("w2", directory, source("w2"));
        third = TestWorker.start("w3", directory, source("w3"));
        views.become(leaving.worker(), second.worker(), third.worker());
    }

    @AfterEach
    void stop() throws IOException {
        try (connections;
                TestWorker _ = leaving;
                TestWorker _ = second) {
            third.close();
        }
    }

    @Test
    void what_a_worker_kept_is_with_its_new_owners_and_the_origin_gives_nothing_again() throws Exception {
        read(FILE);
        long before = origin.givenBytes();
        assertThat(before).isEqualTo(FILE.lengthBytes());
        long kept = keptBy(leaving, FILE);
        drain();

        assertThat(handOver(ROOM, PATIENCE)).isTrue();
        assertThat(tally.bytes(Outcome.HANDED_OVER)).isEqualTo(kept);
        assertThat(tally.leftBytes()).isZero();

        leaving.stopServing();
        views.become(second.worker(), third.worker());
        read(FILE);
        assertThat(origin.givenBytes()).isEqualTo(before);
        assertThat(keptBy(second, FILE) + keptBy(third, FILE)).isGreaterThanOrEqualTo(FILE.lengthBytes());
    }

    @Test
    void readers_go_on_while_a_worker_hands_over() throws Exception {
        read(FILE);
        long before = origin.givenBytes();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                try {
                    read(FILE);
                    reads.incrementAndGet();
                } catch (Throwable e) {
                    failure.set(e);
                    return;
                }
            }
        });
        await().atMost(PATIENCE).until(() -> reads.get() > 0 || failure.get() != null);
        drain();
        assertThat(handOver(ROOM, PATIENCE)).isTrue();
        views.become(second.worker(), third.worker());
        long reached = reads.get();
        await().atMost(PATIENCE).until(() -> reads.get() > reached + 1 || failure.get() != null);
        done.set(true);
        assertThat(reader.join(PATIENCE)).isTrue();
        assertThat(failure).hasValue(null);
        assertThat(origin.givenBytes()).isEqualTo(before);
    }

    @Test
    void a_block_whose_new_owner_is_dead_goes_to_the_next() throws Exception {
        read(FILE);
        long before = origin.givenBytes();
        drain();
        second.stopServing();

        assertThat(handOver(ROOM, PATIENCE)).isTrue();
        assertThat(tally.blocks(Outcome.FAILED)).isZero();
        assertThat(tally.blocks(Outcome.HANDED_OVER)).isPositive();
        for (int block = 0; block < BLOCKS; block++) {
            if (keeps(leaving, FILE, block)) {
                assertThat(keeps(third, FILE, block)).as("block %d", block).isTrue();
            }
        }
        assertThat(origin.givenBytes()).isEqualTo(before);
    }

    @Test
    void blocks_that_find_no_room_are_skipped() throws Exception {
        read(FILE);
        long kept = keptBy(leaving, FILE);
        long others = keptBy(second, FILE) + keptBy(third, FILE);
        drain();
        assertThat(handOver(Map.of(second.worker().id(), 0L, third.worker().id(), 0L), PATIENCE))
                .isTrue();
        assertThat(tally.bytes(Outcome.SKIPPED)).isEqualTo(kept);
        assertThat(tally.blocks(Outcome.HANDED_OVER)).isZero();
        assertThat(keptBy(second, FILE) + keptBy(third, FILE)).isEqualTo(others);
    }

    @Test
    void what_is_pinned_goes_first_where_not_all_finds_room() throws Exception {
        views.become(leaving.worker());
        FileVersion other = CountedOrigin.version("other", Blocks.BLOCK_BYTES);
        FileVersion pinned = CountedOrigin.version("pinned", Blocks.BLOCK_BYTES);
        FileVersion another = CountedOrigin.version("another", Blocks.BLOCK_BYTES);
        read(other);
        read(pinned);
        read(another);
        leaving.store().pin(pinned);
        views.become(draining(leaving.worker()), second.worker());
        assertThat(handOver(Map.of(second.worker().id(), (long) Blocks.BLOCK_BYTES), PATIENCE))
                .isTrue();
        assertThat(tally.blocks(Outcome.HANDED_OVER)).isOne();
        assertThat(keeps(second, pinned, 0)).isTrue();
    }

    @Test
    void after_the_deadline_it_ends_and_says_what_was_left() throws Exception {
        read(FILE);
        long kept = keptBy(leaving, FILE);
        drain();
        assertThat(handOver(ROOM, Duration.ZERO)).isFalse();
        assertThat(tally.bytes(Outcome.HANDED_OVER)).isZero();
        assertThat(tally.leftBytes() + tally.bytes(Outcome.FAILED)).isEqualTo(kept);
    }

    private boolean handOver(Map<WorkerId, Long> room, Duration patience) throws Exception {
        HandOver.Parts parts = new HandOver.Parts(leaving.store(), source("w1"), neighbourhood("w1"), connections);
        return new HandOver(parts, DrainSettings.defaults(), tally)
                .run(new Vacancies(room), System.nanoTime() + patience.toNanos());
    }

    private void drain() {
        views.become(draining(leaving.worker()), second.worker(), third.worker());
    }

    private static Worker draining(Worker worker) {
        return new Worker(
                worker.id(), worker.blocks(), worker.topology(), worker.capacityBytes(), WorkerState.DRAINING);
    }

    private PeerSource source(String self) {
        return new PeerSource(neighbourhood(self), connections, origin);
    }

    private Neighbourhood neighbourhood(String self) {
        return new Neighbourhood(new WorkerId(self), views, SetViews.ROUND, 1);
    }

    /** As a client does; returns when all that came is kept. */
    private void read(FileVersion version) throws IOException {
        SourceReads.readChecked(
                new ClusterSource(new ClusterSource.Cluster(views, SetViews.ROUND, 1), connections, Optional.empty()),
                version,
                version.wholeFile());
        await().atMost(PATIENCE)
                .until(() -> keptBy(leaving, version) + keptBy(second, version) + keptBy(third, version)
                        >= version.lengthBytes());
    }

    private static long keptBy(TestWorker worker, FileVersion version) {
        return worker.store().residency(version).map(Residency::uniqueBytes).orElse(0L);
    }

    private boolean keeps(TestWorker worker, FileVersion version, int block) throws IOException {
        ByteRange range = Blocks.range(block, version.lengthBytes());
        try (CachedFile file = worker.store().open(version, source("none"))) {
            return file.readNow(range)
                    .map(bytes -> {
                        bytes.close();
                        return true;
                    })
                    .orElse(false);
        }
    }
}
