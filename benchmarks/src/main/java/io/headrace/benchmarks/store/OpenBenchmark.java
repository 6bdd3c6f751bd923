package io.headrace.benchmarks.store;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.store.CachedFile;
import io.headrace.store.FetchProgress;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
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
import org.openjdk.jmh.annotations.Warmup;

/** Opening and closing a store that was closed well and holds this many small files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class OpenBenchmark {
    private static final int SMALL_BYTES = 1024;

    @Param({"0", "100000"})
    public int files;

    private Path directory = Path.of("");

    @Setup(Level.Trial)
    public void fill() throws IOException, InterruptedException {
        directory = Files.createTempDirectory("headrace-benchmark");
        MemorySource source = new MemorySource();
        try (TieredBlockStore store = open()) {
            for (int i = 0; i < files; i++) {
                FileVersion version = new FileVersion(
                        new MountId("0123456789abcdef"),
                        ObjectKey.of("file-" + i),
                        SMALL_BYTES,
                        new EntityTag("\"1\""));
                try (CachedFile file = store.open(version, source)) {
                    file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
                }
            }
        }
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public void openAndClose() throws IOException {
        open().close();
    }

    private TieredBlockStore open() throws IOException {
        return TieredBlockStore.open(
                StoreSettings.defaults()
                        .withTiers(
                                directory.resolve("cache"),
                                Optional.of(ByteSize.ofGibibytes(1)),
                                Optional.of(new ByteSize(0))),
                FaultPoints.NONE,
                new SimpleMeterRegistry(),
                System::nanoTime);
    }
}
