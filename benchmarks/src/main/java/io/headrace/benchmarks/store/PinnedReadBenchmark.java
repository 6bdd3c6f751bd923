package io.headrace.benchmarks.store;

import io.headrace.protocol.Blocks;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The store's part of a served READ: pins the blocks of the range and gathers their segments, for {@code writev}. Copies
 * nothing, so the range's length should hardly matter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class PinnedReadBenchmark {
    private static final int BLOCKS = 16;
    private static final FileVersion FILE = new FileVersion(
            new MountId("0123456789abcdef"),
            ObjectKey.of("model"),
            (long) BLOCKS * Blocks.BLOCK_BYTES,
            new EntityTag("\"1\""));

    /** In blocks of its own, or over the seam of two. */
    @Param({"one-block", "two-blocks"})
    public String place = "";

    @Param({"4096", "1048576"})
    public int readBytes;

    private Optional<Path> directory = Optional.empty();
    private Optional<TieredBlockStore> store = Optional.empty();
    private Optional<CachedFile> file = Optional.empty();
    private int next;

    @Setup(Level.Trial)
    public void prepare() throws IOException, InterruptedException {
        Path where = Files.createTempDirectory("headrace-benchmark");
        directory = Optional.of(where);
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(where, Optional.of(ByteSize.ofMebibytes(256)), Optional.of(new ByteSize(0)));
        TieredBlockStore opened =
                TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
        store = Optional.of(opened);
        CachedFile cached = opened.open(
                FILE,
                (version, range, reason) ->
                        Channels.newChannel(new ByteArrayInputStream(new byte[Math.toIntExact(range.length())])));
        file = Optional.of(cached);
        cached.load(FILE.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
        file.ifPresent(CachedFile::close);
        if (store.isPresent()) {
            store.get().close();
        }
        if (directory.isPresent()) {
            try (Stream<Path> paths = Files.walk(directory.get())) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Benchmark
    public int read() throws IOException {
        next = (next + 1) % (BLOCKS - 1);
        return segments(next);
    }

    @Benchmark
    @Threads(2)
    public int readByTwoThreads() throws IOException {
        return segments(Math.floorMod(next++, BLOCKS - 1));
    }

    private int segments(int block) throws IOException {
        long seam = (block + 1L) * Blocks.BLOCK_BYTES;
        long from = place.equals("two-blocks") ? seam - readBytes / 2 : seam - readBytes;
        try (PinnedBytes bytes =
                file.orElseThrow().readNow(new ByteRange(from, readBytes)).orElseThrow()) {
            return bytes.segments().size();
        }
    }
}
