package io.headrace.benchmarks.readahead;

import io.headrace.client.ReadAhead;
import io.headrace.client.ReadAheadSettings;
import io.headrace.client.ReadAheads;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** One decision for one READ of a mount, by what the reads look like. The file is passed over again and again. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReadAheadBenchmark {
    private static final long FILE_BYTES = 8L << 30;
    private static final int READS = 1 << 16;

    @Param({"sequential", "sixteen-streams", "random"})
    public String reader = "";

    @Param({"4096", "131072", "1048576"})
    public int readBytes;

    private final ByteRange[] reads = new ByteRange[READS];
    private ReadAhead readAhead = ReadAheads.forFile(EntryName.of("off"), 0, ReadAheadSettings.defaults());
    private int next;

    @Setup
    public void prepare() {
        Random random = new Random(1);
        for (int i = 0; i < READS; i++) {
            reads[i] = new ByteRange(offset(i, random) % (FILE_BYTES - readBytes), readBytes);
        }
        readAhead = ReadAheads.forFile(EntryName.of("model"), FILE_BYTES, ReadAheadSettings.defaults());
    }

    @Benchmark
    public List<ByteRange> decide() {
        next = (next + 1) % READS;
        return readAhead.observe(reads[next]);
    }

    @Benchmark
    @Threads(2)
    public List<ByteRange> decideByTwoThreads() {
        return readAhead.observe(reads[next++ & (READS - 1)]);
    }

    private long offset(int index, Random random) {
        return switch (reader) {
            case "sequential" -> (long) index * readBytes;
            case "sixteen-streams" -> index % 16 * (FILE_BYTES / 16) + (long) (index / 16) * readBytes;
            case "random" -> random.nextLong(FILE_BYTES / readBytes) * readBytes;
            default -> throw new IllegalArgumentException("no such reader: " + reader);
        };
    }
}
