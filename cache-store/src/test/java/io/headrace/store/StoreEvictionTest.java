package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.store.StoreUsage.TierUsage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Evicting what is still on its way: from a source, into a tier, or from memory to the disk. */
final class StoreEvictionTest {
    private static final int BLOCKS = 6;
    private static final long BLOCK = Blocks.BLOCK_BYTES;
    private static final FileVersion LARGE = version("large", BLOCKS * BLOCK);
    private static final FileVersion SMALL = version("small", 100_000);

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();
    private final Map<String, Stop> stops = new ConcurrentHashMap<>();
    private TieredBlockStore store;

    /** Threads of one name wait at a place until they are let go. */
    private record Stop(String thread, CountDownLatch reached, CountDownLatch gate) {
        void waitHere() {
            if (Thread.currentThread().getName().startsWith(thread)) {
                reached.countDown();
                awaitOpen(gate);
            }
        }

        void awaitReached() {
            awaitOpen(reached);
        }

        void letGo() {
            gate.countDown();
        }

        private static void awaitOpen(CountDownLatch latch) {
            try {
                assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @BeforeEach
    void open() throws IOException {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        directory.resolve("cache"),
                        Optional.of(ByteSize.ofMebibytes(128)),
                        Optional.of(ByteSize.ofMebibytes(64)));
        store = TieredBlockStore.open(
                settings,
                place -> Optional.ofNullable(stops.get(place)).ifPresent(Stop::waitHere),
                new SimpleMeterRegistry(),
                System::nanoTime);
    }

    @AfterEach
    void close() throws IOException {
        stops.values().forEach(Stop::letGo);
        store.close();
    }

    @Test
    void blocks_that_wait_to_be_copied_to_the_disk_go() throws Exception {
        Stop destaging = stop("store.block.destaged", "headrace-destage");
        load(LARGE);
        destaging.awaitReached();
        assertThat(store.waitingForDisk()).isEqualTo(BLOCKS);
        store.evict(LARGE);
        destaging.letGo();
        assertNothingStays(LARGE);
    }

    @Test
    void the_block_that_is_being_written_to_the_disk_goes_when_it_is_written() throws Exception {
        Stop destaging = stop("store.block.written", "headrace-destage");
        load(LARGE);
        destaging.awaitReached();
        assertThat(store.evict(LARGE))
                .as("all but the one that a slow disk holds up")
                .isEqualTo((BLOCKS - 1) * BLOCK);
        assertThat(store.residency(LARGE)).isEmpty();
        destaging.letGo();
        assertNothingStays(LARGE);
    }

    /** Where the thread that brings or keeps what was read is held up. */
    static Stream<Arguments> arrivals() {
        return Stream.of(
                Arguments.of("store.block.buffered", "headrace-fetch", LARGE),
                Arguments.of("store.block.buffered", "headrace-fetch", SMALL),
                Arguments.of("store.block.written", "headrace-keep", LARGE));
    }

    @ParameterizedTest
    @MethodSource("arrivals")
    void what_arrives_after_its_reader_was_served_is_not_kept(String place, String thread, FileVersion version)
            throws Exception {
        Stop arriving = stop(place, thread);
        try (CachedFile file = store.open(version, source)) {
            StoreReads.readChecked(file, new ByteRange(0, 1000));
        }
        arriving.awaitReached();
        assertThat(store.evict(version)).isZero();
        arriving.letGo();
        assertNothingStays(version);
    }

    @Test
    void a_load_after_the_eviction_keeps_every_block_though_an_old_flight_still_lands() throws Exception {
        Stop landing = stop("store.block.buffered", "headrace-fetch-");
        try (CachedFile file = store.open(LARGE, source)) {
            StoreReads.readChecked(file, new ByteRange(0, 1000));
            landing.awaitReached();
            store.evict(LARGE);
            stops.clear();
            load(LARGE);
            landing.letGo();
            assertThat(file.residency().complete()).isTrue();
            StoreReads.readWholeChecked(file);
        }
        await().until(() -> store.waitingForDisk() == 0 && usage(Tier.DISK).usedBytes() == LARGE.lengthBytes());
    }

    @Test
    void a_reader_that_waits_is_served_though_its_file_is_evicted() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((_, _) -> BlockStoreContract.awaitGate(gate));
        try (CachedFile file = store.open(LARGE, source)) {
            var read = StoreReads.start(file, LARGE.wholeFile());
            store.evict(LARGE);
            gate.countDown();
            try (PinnedBytes bytes = StoreReads.await(read)) {
                StoreReads.assertBytes(LARGE, LARGE.wholeFile(), bytes);
            }
        }
        assertNothingStays(LARGE);
    }

    @Test
    void read_ahead_ends_with_the_eviction() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        source.weather((_, _) -> BlockStoreContract.awaitGate(gate));
        FileVersion long_ = version("long", 40 * BLOCK);
        try (CachedFile file = store.open(long_, source)) {
            file.prefetch(long_.wholeFile(), FetchReason.READ_AHEAD);
            await().until(() -> !source.requests().isEmpty());
            store.evict(long_);
            gate.countDown();
            await().until(() -> store.usage().flights().running() == 0);
            assertThat(source.requestedBytes()).isLessThan(long_.lengthBytes());
        }
        assertNothingStays(long_);
    }

    private Stop stop(String place, String thread) {
        Stop stop = new Stop(thread, new CountDownLatch(1), new CountDownLatch(1));
        stops.put(place, stop);
        return stop;
    }

    private void load(FileVersion version) throws IOException, InterruptedException {
        try (CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        }
    }

    private void assertNothingStays(FileVersion version) {
        await().until(() -> store.waitingForDisk() == 0
                && store.usage().flights().running() == 0
                && store.usage().flights().bufferedBytes() == 0);
        assertThat(store.residency(version)).isEmpty();
        await().untilAsserted(() -> {
            assertThat(usage(Tier.MEMORY).usedBytes()).as("in memory").isZero();
            assertThat(usage(Tier.DISK).usedBytes()).as("on disk").isZero();
        });
    }

    private TierUsage usage(Tier tier) {
        return Objects.requireNonNull(store.usage().tiers().get(tier));
    }

    private static FileVersion version(String key, long length) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), length, new EntityTag("\"" + key + "\""));
    }
}
