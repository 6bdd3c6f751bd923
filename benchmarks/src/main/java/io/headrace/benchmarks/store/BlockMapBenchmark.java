package io.headrace.benchmarks.store;

import io.headrace.store.map.BlockMap;
import io.headrace.store.map.HeapTable;
import io.headrace.store.map.OrderedTable;
import io.headrace.store.map.RocksTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One block told to the map, and one asked of its table, among 65536. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class BlockMapBenchmark {
    private static final int BLOCKS = 1 << 16;

    @Param({"heap", "rocks"})
    public String kind = "";

    private Path directory = Path.of("");
    private OrderedTable table = new HeapTable();
    private BlockMap map = new BlockMap(table);
    private int next;

    @Setup
    public void fill() throws IOException {
        directory = Files.createTempDirectory("headrace-benchmark");
        if (kind.equals("rocks")) {
            table = RocksTable.open(directory.resolve("map"));
            map = new BlockMap(table);
        }
        for (int i = 0; i < BLOCKS; i++) {
            map.blockStored(1, i, i);
        }
    }

    @TearDown
    public void close() throws IOException {
        table.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public void put() throws IOException {
        map.blockStored(1, step(), next);
    }

    @Benchmark
    public Optional<byte[]> get() throws IOException {
        return table.get(ByteBuffer.allocate(13)
                .put((byte) 'B')
                .putLong(1)
                .putInt(step())
                .array());
    }

    /** Visits all blocks in a scattered order. */
    private int step() {
        next = (next + 40_503) & (BLOCKS - 1);
        return next;
    }
}
