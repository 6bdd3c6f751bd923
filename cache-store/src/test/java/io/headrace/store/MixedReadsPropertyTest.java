package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whoever reads however, while blocks come whole, in pieces and go: no byte is wrong, and every buffer comes back. */
class MixedReadsPropertyTest {
    private static final int MIB = 1 << 20;

    private static Path directory = Path.of("");
    private static int files;

    private final PatternSource source = new PatternSource();

    private record Reading(ByteRange range, CompletableFuture<PinnedBytes> bytes) {}

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("mixed-reads");
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property(tries = 25)
    void any_mix_of_reads_gives_the_right_bytes(
            @ForAll long seed,
            @ForAll @LongRange(min = 1, max = 20 * MIB) long lengthBytes,
            @ForAll @IntRange(min = 0, max = 16) int memoryMebibytes)
            throws IOException {
        Random random = new Random(seed);
        FileVersion version = new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of("f" + files++), lengthBytes, new EntityTag("\"1\""));
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        directory.resolve(version.key().toString()),
                        Optional.of(ByteSize.ofMebibytes(128)),
                        Optional.of(ByteSize.ofMebibytes(memoryMebibytes)));
        try (TieredBlockStore store =
                TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime)) {
            try (CachedFile file = store.open(version, source)) {
                play(store, file, random);
            }
            await().until(() -> store.usage().flights().bufferedBytes() == 0);
            assertThat(store.pinnedBlocks(version)).isZero();
        }
    }

    private static void play(TieredBlockStore store, CachedFile file, Random random) throws IOException {
        List<Reading> readings = new ArrayList<>();
        for (int step = 0; step < 120; step++) {
            ByteRange range = anywhere(file.version().lengthBytes(), random);
            switch (random.nextInt(20)) {
                case 0 -> store.evict(file.version());
                case 1 -> file.prefetch(range, FetchReason.READ_AHEAD);
                case 2, 3 -> readings.add(new Reading(range, StoreReads.start(file, range)));
                case 4, 5 -> check(file, readings);
                default -> readings.add(new Reading(range, StoreReads.startExactly(file, range)));
            }
        }
        check(file, readings);
    }

    private static ByteRange anywhere(long lengthBytes, Random random) {
        long at = random.nextLong(lengthBytes);
        long most = random.nextInt(10) == 0 ? 2 * MIB : 100_000;
        return new ByteRange(at, 1 + random.nextLong(most)).clippedTo(new ByteRange(0, lengthBytes));
    }

    private static void check(CachedFile file, List<Reading> readings) throws IOException {
        for (Reading reading : readings) {
            try (PinnedBytes bytes = StoreReads.await(reading.bytes())) {
                StoreReads.assertBytes(file.version(), reading.range(), bytes);
            }
        }
        readings.clear();
    }
}
