package io.headrace.benchmarks.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.headrace.fuse.kernel.MalformedRequestException;
import io.headrace.fuse.kernel.Opcode;
import io.headrace.fuse.kernel.Request;
import io.headrace.fuse.kernel.RequestDecoder;
import io.headrace.fuse.kernel.RequestHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.annotations.Warmup;

/** One request decoded, header and body, from native memory as {@code /dev/fuse} fills it, by the compiler that a mount has. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:TieredStopAtLevel=1")
public class RequestDecoderBenchmark {
    /** Room of a READ's body, {@code struct fuse_read_in}; the others here need less. */
    private static final int BODY_BYTES = 40;

    @Param({"READ", "LOOKUP", "GETATTR", "OPEN", "RELEASE"})
    public String opcode = "";

    private MemorySegment message = MemorySegment.NULL;

    @Setup
    public void fill() {
        message = Arena.ofAuto().allocate(RequestHeader.BYTES + BODY_BYTES, 4096);
        message.set(JAVA_INT_UNALIGNED, 0, (int) message.byteSize());
        message.set(JAVA_INT_UNALIGNED, 4, Opcode.valueOf(opcode).code());
        message.set(JAVA_LONG_UNALIGNED, 8, 4242);
        message.set(JAVA_LONG_UNALIGNED, 16, 14);
        MemorySegment body = message.asSlice(RequestHeader.BYTES);
        if (opcode.equals("LOOKUP")) {
            body.copyFrom(
                    MemorySegment.ofArray("model-00001-of-00002.safetensors\0".getBytes(StandardCharsets.US_ASCII)));
        } else {
            body.set(JAVA_LONG_UNALIGNED, 8, 5L << 32);
            body.set(JAVA_INT_UNALIGNED, 16, 1 << 20);
        }
    }

    @Benchmark
    public Request decode() throws MalformedRequestException {
        return RequestDecoder.decode(RequestHeader.decode(message), message);
    }
}
