package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.testing.ChildJvm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kills a real process at each fault point, opens its store, and reads every byte. */
final class StoreCrashIT {
    private static final int KILLED = 137;

    @TempDir
    Path directory;

    static Stream<String> diskFaults() {
        return Stream.of(
                "store.file.created=2",
                "store.block.buffered=4",
                "store.block.written=1",
                "store.block.written=6",
                "store.block.committed=1",
                "store.block.committed=7",
                "store.eviction.unmapped=1",
                "store.eviction.punched=1",
                "store.eviction.punched=5",
                "store.file.unmapped=1",
                "store.file.unlinked=1",
                "store.packed.appended=3",
                "store.packed.committed=3",
                "store.packed.dropped=1",
                "store.packed.dropped=5",
                "store.packed.punched=1",
                "store.packed.punched=4",
                "store.slab.file.unmapped=1",
                "store.slab.file.unmapped=7",
                "store.slab.unmapped=1",
                "store.slab.unlinked=1",
                "store.emptied=1");
    }

    @ParameterizedTest
    @MethodSource("diskFaults")
    void every_byte_is_right_after_a_crash_at(String fault) throws Exception {
        crash(fault, 0);
        everyByteIsRight(0);
    }

    @ParameterizedTest
    @MethodSource("memoryFaults")
    void every_byte_is_right_after_a_crash_with_a_memory_tier_at(String fault) throws Exception {
        crash(fault, 8);
        everyByteIsRight(8);
    }

    static Stream<String> memoryFaults() {
        return Stream.of("store.block.destaged=2", "store.block.committed=3", "store.eviction.punched=1");
    }

    private void crash(String fault, int memoryMebibytes) throws Exception {
        Process child = new ProcessBuilder(ChildJvm.command(
                        StoreCrashChild.class,
                        directory.resolve("cache").toString(),
                        Integer.toString(memoryMebibytes),
                        fault))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("child.log").toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("the child ends").isTrue();
            assertThat(child.exitValue()).as("reached %s", fault).isEqualTo(KILLED);
        } finally {
            child.destroyForcibly();
        }
    }

    private void everyByteIsRight(int memoryMebibytes) throws Exception {
        PatternSource source = new PatternSource();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StoreSettings settings = StoreCrashChild.settings(directory.resolve("cache"), memoryMebibytes);
        try (TieredBlockStore store = TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime)) {
            for (FileVersion version : StoreCrashChild.versions()) {
                try (CachedFile file = store.open(version, source)) {
                    StoreReads.readWholeChecked(file);
                }
            }
            StoreUsage.TierUsage disk =
                    Objects.requireNonNull(store.usage().tiers().get(Tier.DISK));
            assertThat(disk.usedBytes()).isBetween(1L, disk.capacityBytes());
            everyByteIsGivenBack(store);
        }
        assertThat(meters.get("headrace.store.damaged.blocks")
                        .tag("tier", "disk")
                        .counter()
                        .count())
                .as("blocks that a crash of the process damaged")
                .isZero();
    }

    /** A read may end before its block is kept, so the last of them are evicted in another round. */
    private static void everyByteIsGivenBack(BlockStore store) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            for (FileVersion version : store.versions()) {
                store.evict(version);
            }
            store.usage()
                    .tiers()
                    .forEach((tier, usage) ->
                            assertThat(usage.usedBytes()).as("left in %s", tier).isZero());
        });
    }
}
