package io.headrace.store;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The figures of docs/design/cache-store.md; arguments: an empty directory, MiB of memory tier. */
public final class StoreFigures {
    private static final long LARGE_BYTES = 1L << 30;
    private static final int SMALL_BYTES = 128 << 10;
    private static final int SMALL_FILES = 2000;
    private static final ByteBuffer PIECE = ByteBuffer.allocateDirect(1 << 20);

    private StoreFigures() {}

    public static void main(String[] arguments) throws Exception {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        Path.of(arguments[0]),
                        Optional.of(ByteSize.ofGibibytes(4)),
                        Optional.of(ByteSize.ofMebibytes(Long.parseLong(arguments[1]))));
        try (TieredBlockStore store = opened(settings)) {
            for (int round = 0; round < 3; round++) {
                FileVersion large = version("large-" + round, LARGE_BYTES);
                report("cold, sequential 1 MiB", LARGE_BYTES, () -> readLarge(store, large));
                report("warm, pinned 1 MiB (no copy)", LARGE_BYTES, () -> readLarge(store, large));
                store.evict(large);
                int first = round * SMALL_FILES;
                report("cold, small files", (long) SMALL_FILES * SMALL_BYTES, () -> readSmall(store, first));
                report("warm, small files", (long) SMALL_FILES * SMALL_BYTES, () -> readSmall(store, first));
            }
        }
        opened(settings).close();
    }

    /** What is measured. */
    private interface Work {
        void run() throws IOException;
    }

    private static TieredBlockStore opened(StoreSettings settings) throws IOException {
        long start = System.nanoTime();
        TieredBlockStore store =
                TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
        System.out.printf("opened in %.0f ms%n", (System.nanoTime() - start) / 1e6);
        return store;
    }

    private static void report(String what, long bytes, Work work) throws IOException {
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElseThrow()
                        .minus(cpu)
                        .toMillis()
                / 1e3;
        System.out.printf(
                "%-30s %6.2f GB/s, %5.2f CPU-s/GB, %.3f s%n",
                what, bytes / 1e9 / seconds, cpuSeconds / (bytes / 1e9), seconds);
    }

    private static void readLarge(BlockStore store, FileVersion version) throws IOException {
        try (CachedFile file = store.open(version, source())) {
            file.prefetch(version.wholeFile(), FetchReason.READ_AHEAD);
            for (long at = 0; at < LARGE_BYTES; at += 1 << 20) {
                StoreReads.await(StoreReads.start(file, new ByteRange(at, 1 << 20)))
                        .close();
            }
        }
    }

    private static void readSmall(BlockStore store, int first) throws IOException {
        for (int i = first; i < first + SMALL_FILES; i++) {
            FileVersion version = version("small-" + i, SMALL_BYTES);
            try (CachedFile file = store.open(version, source())) {
                StoreReads.await(StoreReads.start(file, version.wholeFile())).close();
            }
        }
    }

    private static FileVersion version(String key, long bytes) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), bytes, new EntityTag("\"" + key + "\""));
    }

    /** One copy from memory, as a socket would make it. */
    private static RangeSource source() {
        return (version, range, reason) -> new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) {
                int count = Math.min(into.remaining(), PIECE.capacity());
                into.put(PIECE.slice(0, count));
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
