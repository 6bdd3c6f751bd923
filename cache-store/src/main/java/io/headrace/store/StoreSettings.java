package io.headrace.store;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;
import io.headrace.store.flight.FlightSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How a node keeps blocks. */
public record StoreSettings(
        @Setting(
                value =
                        "Where cached blocks are kept. One process owns it; nothing else may be in it. A mount that is given"
                                + " none has one for its origins below the default.",
                defaultValue = "~/.cache/headrace")
        Path directory,

        @Setting(
                value = "Most bytes of the disk tier; 0 for none. Absent: four fifths of what is free when it"
                        + " starts, what it has kept counted as free.",
                defaultValue = "")
        Optional<ByteSize> diskCapacity,

        @Setting(
                value = "Most bytes of the memory tier; 0 for none. Absent: a quarter of the memory, or half of what is"
                        + " available when it starts if that is less.",
                defaultValue = "")
        Optional<ByteSize> memoryCapacity,

        @Setting(
                value = "What is left free on the cache's disk for others; below it, the cache shrinks.",
                defaultValue = "1GiB")
        ByteSize leftFree,

        @Setting(
                value = "Blocks fetched at once, over all files. As many as origin.max-concurrent-requests.",
                defaultValue = "16")
        int fetchThreads,

        @Setting(
                value = "Most bytes of buffers for blocks in flight and for the readers that they serve.",
                defaultValue = "128MiB")
        ByteSize flightBudget,

        @Setting(value = "Files that nobody had open for so long are dropped; 0s for never.", defaultValue = "0s")
        Duration timeToLive) {

    private static final Duration BUFFER_PATIENCE = Duration.ofSeconds(60);

    public StoreSettings {
        directory = directory.toAbsolutePath().normalize();
        if (diskCapacity.isPresent()
                && memoryCapacity.isPresent()
                && diskCapacity.get().bytes() == 0
                && memoryCapacity.get().bytes() == 0) {
            throw new IllegalArgumentException("store.disk-capacity and store.memory-capacity cannot both be 0");
        }
    }

    public static StoreSettings defaults() {
        return new StoreSettings(
                Path.of(System.getProperty("user.home"), ".cache", "headrace"),
                Optional.empty(),
                Optional.empty(),
                ByteSize.ofGibibytes(1),
                16,
                ByteSize.ofMebibytes(128),
                Duration.ZERO);
    }

    /** The same, with these tiers in this directory. */
    public StoreSettings withTiers(Path where, Optional<ByteSize> disk, Optional<ByteSize> memory) {
        return new StoreSettings(where, disk, memory, leftFree, fetchThreads, flightBudget, timeToLive);
    }

    FlightSettings flights() {
        return new FlightSettings(fetchThreads, flightBudget.bytes(), BUFFER_PATIENCE);
    }
}
