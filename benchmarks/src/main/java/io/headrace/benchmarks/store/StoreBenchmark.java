package io.headrace.benchmarks.store;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.store.CachedFile;
import io.headrace.store.FetchProgress;
import io.headrace.store.PinnedBytes;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 256 MiB through a store of 1 GiB that is full: cold, from a source in memory, so that the store evicts as much as it
 * keeps; and warm, pinned and touched once a page. Files, in blocks of 4 MiB, and small files of 128 KiB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class StoreBenchmark {
    private static final long FILE_BYTES = 256L << 20;
    private static final int SMALL_BYTES = 128 << 10;
    private static final int PAGE_BYTES = 4096;
    private static final ByteSize NONE = new ByteSize(0);
    private static final ByteSize CAPACITY = ByteSize.ofGibibytes(1);

    @Param({"memory", "disk"})
    public String tier = "";

    private final MemorySource source = new MemorySource();
    private final FileVersion kept = version("kept", FILE_BYTES);
    private @Nullable Path directory;
    private @Nullable TieredBlockStore store;
    private @Nullable CachedFile warm;
    private long next;

    @Setup(Level.Trial)
    public void open() throws IOException, InterruptedException {
        boolean memory = tier.equals("memory");
        Path parent = Files.createTempDirectory("headrace-benchmark");
        TieredBlockStore opened = TieredBlockStore.open(
                StoreSettings.defaults()
                        .withTiers(
                                parent.resolve("cache"),
                                Optional.of(memory ? NONE : CAPACITY),
                                Optional.of(memory ? CAPACITY : NONE)),
                FaultPoints.NONE,
                new SimpleMeterRegistry(),
                System::nanoTime);
        opened.pin(kept);
        CachedFile file = opened.open(kept, source);
        file.load(kept.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        directory = parent;
        store = opened;
        warm = file;
        for (long filled = 0; filled < CAPACITY.bytes(); filled += FILE_BYTES) {
            coldBlocks();
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        if (warm != null && store != null && directory != null) {
            warm.close();
            store.close();
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Benchmark
    public void coldBlocks() throws IOException, InterruptedException {
        load(version("large-" + next++, FILE_BYTES));
    }

    @Benchmark
    public void coldSmallFiles() throws IOException, InterruptedException {
        for (long loaded = 0; loaded < FILE_BYTES; loaded += SMALL_BYTES) {
            load(version("small-" + next++, SMALL_BYTES));
        }
    }

    @Benchmark
    public long warmBlocks() throws IOException {
        long sum = 0;
        for (long at = 0; at < FILE_BYTES; at += 1 << 20) {
            sum += touched(new ByteRange(at, 1 << 20));
        }
        return sum;
    }

    private long touched(ByteRange range) throws IOException {
        if (warm == null) {
            throw new IllegalStateException("not set up");
        }
        long sum = 0;
        try (PinnedBytes bytes = warm.readNow(range).orElseThrow()) {
            List<MemorySegment> segments = bytes.segments();
            for (MemorySegment segment : segments) {
                for (long at = 0; at < segment.byteSize(); at += PAGE_BYTES) {
                    sum += segment.get(ValueLayout.JAVA_BYTE, at);
                }
            }
        }
        return sum;
    }

    private void load(FileVersion version) throws IOException, InterruptedException {
        if (store == null) {
            throw new IllegalStateException("not set up");
        }
        try (CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        }
    }

    private static FileVersion version(String key, long bytes) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), bytes, new EntityTag("\"" + key + "\""));
    }
}
