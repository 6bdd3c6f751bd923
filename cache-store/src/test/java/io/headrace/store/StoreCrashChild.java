package io.headrace.store;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process that fills, evicts and fills a store again until it reaches the fault point that kills it. */
public final class StoreCrashChild {
    private static final int SMALL_FILES = 40;
    private static final long SMALL_BYTES = 300_000;
    private static final long LARGE_BYTES = (13 << 20) + 777;

    private StoreCrashChild() {}

    /** @param arguments directory, MiB of memory tier, fault */
    public static void main(String[] arguments) throws Exception {
        FaultPoints fault = FaultPoints.parse(arguments[2]);
        StoreSettings settings = settings(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        try (TieredBlockStore store =
                TieredBlockStore.open(settings, fault, new SimpleMeterRegistry(), System::nanoTime)) {
            run(store);
            for (FileVersion version : store.versions()) {
                store.evict(version);
            }
            fault.reach("store.emptied");
        }
    }

    static StoreSettings settings(Path directory, int memoryMebibytes) {
        return StoreSettings.defaults()
                .withTiers(
                        directory,
                        Optional.of(ByteSize.ofMebibytes(32)),
                        Optional.of(ByteSize.ofMebibytes(memoryMebibytes)));
    }

    static List<FileVersion> versions() {
        List<FileVersion> versions = new ArrayList<>();
        for (int i = 0; i < SMALL_FILES; i++) {
            versions.add(version("small-" + i, SMALL_BYTES));
        }
        for (int i = 0; i < 3; i++) {
            versions.add(version("large-" + i, LARGE_BYTES));
        }
        return versions;
    }

    /** Twice as much as fits, so that slabs and blocks are evicted for others, and some on demand. */
    private static void run(BlockStore store) throws IOException, InterruptedException {
        PatternSource source = new PatternSource();
        List<FileVersion> versions = versions();
        for (FileVersion version : versions) {
            load(store, version, source);
        }
        store.evict(versions.get(SMALL_FILES - 1));
        store.evict(versions.getLast());
        for (FileVersion version : versions) {
            load(store, version, source);
        }
        // From here on it goes as a whole, and no more by blocks.
        try (CachedFile last = store.open(versions.getLast(), source)) {
            last.handOut().ifPresent(BackingFile::close);
        }
    }

    private static void load(BlockStore store, FileVersion version, PatternSource source)
            throws IOException, InterruptedException {
        try (CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        }
    }

    private static FileVersion version(String key, long bytes) {
        return new FileVersion(
                new MountId("00000000000000aa"), ObjectKey.of(key), bytes, new EntityTag("\"" + key + "\""));
    }
}
