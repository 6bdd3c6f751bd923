package io.headrace.benchmarks.fuse;

import io.headrace.fuse.kernel.Attributes;
import io.headrace.fuse.kernel.DirectoryBlock;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Libc;
import io.headrace.fuse.kernel.NodeReply;
import io.headrace.fuse.kernel.Reply;
import io.headrace.protocol.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One reply encoded and written to {@code /dev/null}, which takes any message at once: {@link #status} is mostly the
 * system call, and the others tell by their difference from it what encoding costs,
 * by the compiler that a mount has.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"})
public class ReplyBenchmark {
    private static final int UNIQUE = 4242;
    private static final int REPLY_BYTES = 256 << 10;
    private static final int DIRECTORY_BYTES = 32 << 10;
    private static final int PIECE_BYTES = 4096;

    private final Attributes attributes =
            new Attributes(7, 5L << 30, 1_700_000_000, 123_000_000, Attributes.TYPE_FILE | 0444, 0, 0);
    private final NodeReply node = new NodeReply(14, 60_000, 60_000, attributes);
    private final Bytes name = name("model-00001-of-00002.safetensors");
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> onePiece = List.of(arena.allocate(1 << 20, 4096));
    private final List<MemorySegment> manyPieces = Collections.nCopies(256, arena.allocate(PIECE_BYTES, 4096));
    private final FuseDevice device = new FuseDevice(Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC));
    private final Reply reply = new Reply(device, arena, REPLY_BYTES);

    private static Bytes name(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Bytes.copyOf(bytes, 0, bytes.length);
    }

    @Setup
    public void requireDevice() {
        if (device.descriptor() < 0) {
            throw new IllegalStateException("/dev/null cannot be opened: " + device.descriptor());
        }
    }

    @TearDown
    public void close() {
        device.close();
        arena.close();
    }

    @Benchmark
    public void status() {
        reply.status(UNIQUE, 0);
    }

    @Benchmark
    public void lookup() {
        reply.node(UNIQUE, node);
    }

    @Benchmark
    public void attributes() {
        reply.attributes(UNIQUE, 60_000, attributes);
    }

    @Benchmark
    public boolean open() {
        return reply.opened(UNIQUE, 14, Reply.OPEN_KEEP_CACHE, 0);
    }

    /** A READ of 1 MiB from one mapping. */
    @Benchmark
    public void read() {
        reply.data(UNIQUE, onePiece);
    }

    /** A READ of 1 MiB from 256 places, as the pages of a flight's buffers. */
    @Benchmark
    public void readOfManyPieces() {
        reply.data(UNIQUE, manyPieces);
    }

    /** READDIRPLUS: as many entries as 32 KiB hold, 178. */
    @Benchmark
    public void directory() {
        DirectoryBlock block = reply.directoryBlock(DIRECTORY_BYTES, true);
        long next = 0;
        while (block.add(name, node, next)) {
            next++;
        }
        reply.directory(UNIQUE, block);
    }
}
