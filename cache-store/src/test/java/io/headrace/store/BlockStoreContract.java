package io.headrace.store;

import static io.headrace.store.StoreReads.readChecked;
import static io.headrace.store.StoreReads.readWholeChecked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store does, whatever its tiers, for files of the length that the subclass chooses. */
abstract class BlockStoreContract {
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    final PatternSource source = new PatternSource();
    TieredBlockStore store;

    abstract ByteSize diskCapacity();

    abstract ByteSize memoryCapacity();

    /** The length of the files that the tests read. */
    abstract long fileBytes();

    StoreSettings settings() {
        return StoreSettings.defaults()
                .withTiers(directory.resolve("cache"), Optional.of(diskCapacity()), Optional.of(memoryCapacity()));
    }

    @BeforeEach
    void openStore() throws IOException {
        store = TieredBlockStore.open(settings(), FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
    }

    @AfterEach
    void balancesAndCloses() throws IOException {
        try {
            await().untilAsserted(() -> {
                assertThat(store.usage().flights().running())
                        .as("running flights")
                        .isZero();
                assertThat(store.usage().flights().bufferedBytes())
                        .as("lent buffers")
                        .isZero();
            });
            for (FileVersion version : store.versions()) {
                assertThat(store.pinnedBlocks(version))
                        .as("pinned blocks of %s", version)
                        .isZero();
            }
        } finally {
            store.close();
        }
    }

    FileVersion version(String key) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), fileBytes(), new EntityTag("\"" + key + "\""));
    }

    @Test
    void reads_every_byte_of_a_cold_file() throws IOException {
        try (CachedFile file = store.open(version("cold"), source)) {
            readWholeChecked(file);
        }
    }

    @Test
    void the_second_read_makes_no_request() throws IOException {
        try (CachedFile file = store.open(version("twice"), source)) {
            readWholeChecked(file);
            awaitKept(file);
            int before = source.requests().size();
            readWholeChecked(file);
            try (PinnedBytes bytes = file.readNow(file.version().wholeFile()).orElseThrow()) {
                StoreReads.assertBytes(file.version(), file.version().wholeFile(), bytes);
            }
            assertThat(source.requests()).hasSize(before);
        }
    }

    @Test
    void a_hundred_cold_readers_fetch_each_byte_once() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((request, offset) -> awaitGate(gate));
        try (CachedFile file = store.open(version("crowd"), source)) {
            List<CompletableFuture<PinnedBytes>> reads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                reads.add(StoreReads.start(file, file.version().wholeFile()));
            }
            gate.countDown();
            for (CompletableFuture<PinnedBytes> read : reads) {
                try (PinnedBytes bytes = StoreReads.await(read)) {
                    assertThat(bytes.segments().stream()
                                    .mapToLong(s -> s.byteSize())
                                    .sum())
                            .isEqualTo(fileBytes());
                }
            }
        }
        assertThat(source.requestedBytes()).isEqualTo(fileBytes());
    }

    @Test
    void a_reader_is_served_before_its_block_is_whole() throws IOException {
        long half = Math.min(fileBytes(), Blocks.BLOCK_BYTES) / 2;
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((request, offset) -> {
            if (offset >= half) {
                awaitGate(gate);
            }
        });
        try (CachedFile file = store.open(version("early"), source)) {
            readChecked(file, new ByteRange(0, half));
            assertThat(file.isComplete()).isFalse();
            gate.countDown();
            readWholeChecked(file);
        }
        assertThat(source.requestedBytes()).isEqualTo(fileBytes());
    }

    @Test
    void a_failure_reaches_every_reader_and_is_forgotten() throws IOException {
        AtomicBoolean broken = new AtomicBoolean(true);
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((request, offset) -> {
            awaitGate(gate);
            if (broken.get()) {
                throw new OriginException.Unavailable("down");
            }
        });
        try (CachedFile file = store.open(version("broken"), source)) {
            List<CompletableFuture<PinnedBytes>> reads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                reads.add(StoreReads.start(file, new ByteRange(0, 100)));
            }
            gate.countDown();
            for (CompletableFuture<PinnedBytes> read : reads) {
                assertThatThrownBy(() -> StoreReads.await(read)).isInstanceOf(OriginException.Unavailable.class);
            }
            broken.set(false);
            readWholeChecked(file);
        }
    }

    @Test
    void nothing_is_here_before_it_is_fetched() throws IOException {
        try (CachedFile file = store.open(version("absent"), source)) {
            assertThat(file.readNow(new ByteRange(0, 1))).isEmpty();
            assertThat(file.isComplete()).isFalse();
            assertThat(file.handOut()).isEmpty();
            assertThat(file.residency().uniqueBytes()).isZero();
        }
        assertThat(store.residency(version("absent"))).isEmpty();
        assertThat(store.versions()).isEmpty();
        assertThat(source.requests()).isEmpty();
    }

    @Test
    void prefetched_bytes_are_here_without_a_read() throws IOException {
        try (CachedFile file = store.open(version("ahead"), source)) {
            file.prefetch(file.version().wholeFile(), FetchReason.READ_AHEAD);
            awaitKept(file);
            readWholeChecked(file);
        }
        assertThat(source.requestedBytes()).isEqualTo(fileBytes());
        assertThat(source.requests()).allMatch(request -> request.reason() == FetchReason.READ_AHEAD);
    }

    @Test
    void load_reports_every_byte_as_fetched_and_then_as_present() throws Exception {
        AtomicLong fetched = new AtomicLong();
        AtomicLong present = new AtomicLong();
        FetchProgress progress = (now, here) -> {
            fetched.addAndGet(now);
            present.addAndGet(here);
        };
        try (CachedFile file = store.open(version("loaded"), source)) {
            file.load(file.version().wholeFile(), FetchReason.LOAD, progress);
            assertThat(fetched.getAndSet(0)).isEqualTo(fileBytes());
            assertThat(present.getAndSet(0)).isZero();
            assertThat(file.isComplete()).isTrue();
            file.load(file.version().wholeFile(), FetchReason.LOAD, progress);
            assertThat(fetched.get()).isZero();
            assertThat(present.get()).isEqualTo(fileBytes());
        }
    }

    @Test
    void tells_when_the_file_is_complete() throws IOException {
        CountDownLatch told = new CountDownLatch(1);
        try (CachedFile file = store.open(version("told"), source)) {
            file.whenComplete(told::countDown);
            assertThat(told.getCount()).isEqualTo(1);
            readWholeChecked(file);
            await().until(() -> told.getCount() == 0);
        }
    }

    @Test
    void residency_and_usage_count_what_is_kept() throws IOException {
        FileVersion version = version("counted");
        try (CachedFile file = store.open(version, source)) {
            readWholeChecked(file);
            awaitKept(file);
            assertThat(file.residency().uniqueBytes()).isEqualTo(fileBytes());
            assertThat(file.residency().complete()).isTrue();
        }
        assertThat(store.versions()).containsExactly(version);
        assertThat(store.residency(version).orElseThrow().complete()).isTrue();
    }

    @Test
    void evicted_bytes_are_fetched_again() throws IOException {
        FileVersion version = version("evicted");
        try (CachedFile file = store.open(version, source)) {
            readWholeChecked(file);
            awaitKept(file);
        }
        assertThat(store.evict(version)).isGreaterThanOrEqualTo(fileBytes());
        assertThat(store.residency(version)).isEmpty();
        try (CachedFile file = store.open(version, source)) {
            readWholeChecked(file);
        }
        assertThat(source.requestedBytes()).isEqualTo(2 * fileBytes());
    }

    @Test
    void bytes_that_a_reader_holds_outlive_their_eviction() throws IOException {
        FileVersion version = version("held");
        try (CachedFile file = store.open(version, source)) {
            readWholeChecked(file);
            awaitKept(file);
            try (PinnedBytes held = file.readNow(version.wholeFile()).orElseThrow()) {
                store.evict(version);
                StoreReads.assertBytes(version, version.wholeFile(), held);
            }
            readWholeChecked(file);
        }
    }

    @Test
    void checking_finds_nothing_wrong_with_sound_blocks() throws IOException {
        FileVersion version = version("checked");
        try (CachedFile file = store.open(version, source)) {
            readWholeChecked(file);
            awaitKept(file);
        }
        CheckResult result = store.check(version);
        assertThat(result.damagedBlocks()).isEmpty();
        assertThat(result.checkedBytes()).isGreaterThanOrEqualTo(fileBytes());
    }

    @Test
    void versions_of_one_key_do_not_mix() throws IOException {
        FileVersion old = version("key");
        FileVersion fresh = new FileVersion(old.mount(), old.key(), old.lengthBytes(), new EntityTag("\"new\""));
        try (CachedFile first = store.open(old, source);
                CachedFile second = store.open(fresh, source)) {
            readWholeChecked(first);
            readWholeChecked(second);
            readWholeChecked(first);
        }
    }

    /** Until every byte is where it stays. */
    void awaitKept(CachedFile file) {
        await().until(() -> file.isComplete() && store.waitingForDisk() == 0);
    }

    static void awaitGate(CountDownLatch gate) throws IOException {
        try {
            if (!gate.await(30, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new IOException("the gate stayed shut");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    static long mebibytes(long count) {
        return count * MIB;
    }
}
