package io.headrace.benchmarks.block;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.block.BlockRequest;
import io.headrace.protocol.block.FrameChecksum;
import io.headrace.protocol.block.MalformedFrameException;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import io.headrace.protocol.block.RequestCodec;
import io.headrace.protocol.block.ResponseHead;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One frame encoded or decoded, its checksums included, in direct memory as sockets use it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {
    private static final int MEBIBYTE = 1 << 20;

    private final BlockRequest.Read read = new BlockRequest.Read(
            17, 3, new ByteRange(1L << 32, 4 << 20), new ReadTerms(FetchReason.DEMAND, Reach.ORIGIN, MEBIBYTE, 60_000));
    private final BlockRequest.Open open = new BlockRequest.Open(
            16,
            3,
            new FileVersion(
                    new MountId("0123456789abcdef"),
                    ObjectKey.of("llama/model-00001-of-00002.safetensors"),
                    1L << 33,
                    new EntityTag("\"9b2cf535f27731c974343645a3985328\"")));
    private final ResponseHead data = ResponseHead.data(read, 1L << 32, MEBIBYTE, 0x12345678);
    private final ByteBuffer into = ByteBuffer.allocateDirect(1024);
    private final ByteBuffer readBytes = encoded(read);
    private final ByteBuffer openBytes = encoded(open);
    private final ByteBuffer dataBytes = ByteBuffer.allocateDirect(ResponseHead.BYTES);
    private final ByteBuffer payload = ByteBuffer.allocateDirect(MEBIBYTE);

    public FrameBenchmark() {
        data.encode(dataBytes);
    }

    @Benchmark
    public ByteBuffer encodeRead() {
        RequestCodec.encode(read, into.clear());
        return into;
    }

    @Benchmark
    public BlockRequest decodeRead() throws MalformedFrameException {
        return RequestCodec.decode(readBytes.rewind());
    }

    @Benchmark
    public ByteBuffer encodeOpen() {
        RequestCodec.encode(open, into.clear());
        return into;
    }

    @Benchmark
    public BlockRequest decodeOpen() throws MalformedFrameException {
        return RequestCodec.decode(openBytes.rewind());
    }

    @Benchmark
    public ByteBuffer encodeDataHead() {
        data.encode(into.clear());
        return into;
    }

    @Benchmark
    public ResponseHead decodeDataHead() throws MalformedFrameException {
        return ResponseHead.decode(dataBytes.rewind());
    }

    @Benchmark
    public int sumPayload() {
        return FrameChecksum.of(payload, 0, MEBIBYTE);
    }

    private static ByteBuffer encoded(BlockRequest request) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(RequestCodec.encodedBytes(request));
        RequestCodec.encode(request, bytes);
        return bytes.flip();
    }
}
