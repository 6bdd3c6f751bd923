package io.headrace.benchmarks.store;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The CRC32C of a block of 4 MiB in pieces of 256 KiB, as a flight sums it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChecksumBenchmark {
    private static final int BLOCK_BYTES = 4 << 20;
    private static final int PIECE_BYTES = 256 << 10;

    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);

    @Benchmark
    public long block() {
        CRC32C crc = new CRC32C();
        for (int at = 0; at < BLOCK_BYTES; at += PIECE_BYTES) {
            crc.update(block.limit(at + PIECE_BYTES).position(at));
        }
        return crc.getValue();
    }
}
