package io.headrace.benchmarks.block;

import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.HedgeSettings;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.store.CachedFile;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.BlockServer;
import io.headrace.worker.serve.BlockServerSettings;
import io.headrace.worker.serve.ServeParts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
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

/**
 * A range whose blocks lie on two workers, into one buffer, by one thread over loopback; the workers run in the same process
 * and keep all of it. With and without second requests, none of which is made as long as both answer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class GatherBenchmark {
    private static final FileVersion FILE =
            new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("model"), 64L << 20, new EntityTag("\"1\""));

    @Param({"4096", "16777216"})
    public int bytes;

    @Param({"true", "false"})
    public boolean hedged;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private RangeSource cluster = (version, range, reason) -> {
        throw new IllegalStateException("not set up");
    };

    @Setup
    public void start() throws Exception {
        List<Worker> workers = new ArrayList<>();
        for (String name : List.of("w1", "w2")) {
            workers.add(worker(name));
        }
        ClusterView view = new ClusterView(1, workers);
        HedgeSettings usual = HedgeSettings.defaults();
        WorkerConnections connections = new WorkerConnections(
                PeerSettings.defaults(),
                () -> Bytes.EMPTY,
                Optional.empty(),
                new HedgeSettings(hedged, usual.percent(), usual.leastDelay()));
        parts.push(connections);
        cluster = new ClusterSource(
                new Cluster(new OneView(view), new RendezvousPlacement(), 2), connections, Optional.empty());
        buffer = ByteBuffer.allocateDirect(bytes);
    }

    private record OneView(ClusterView current) implements ClusterViews {
        @Override
        public List<ClusterView> earlier() {
            return List.of();
        }
    }

    private Worker worker(String name) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("headrace-gather");
        parts.push(() -> delete(directory));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        directory,
                        Optional.of(new ByteSize(2 * FILE.lengthBytes() + (64 << 20))),
                        Optional.of(new ByteSize(0)));
        RangeSource source = (version, range, reason) -> new Zeros(range.length());
        TieredBlockStore store = TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime);
        parts.push(store);
        try (CachedFile file = store.open(FILE, source)) {
            file.load(FILE.wholeFile(), FetchReason.LOAD, (fetched, present) -> {});
        }
        BlockServer server = BlockServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ServeParts(store, source, Authorizer.loopbackOnly(), BlockServerSettings.defaults(), meters));
        parts.push(server);
        return new Worker(
                new WorkerId(name),
                new Endpoint("127.0.0.1", server.port()),
                new Topology(name, Optional.empty(), Optional.empty()),
                1,
                WorkerState.ACTIVE);
    }

    @TearDown
    public void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public ByteBuffer gather() throws IOException {
        buffer.clear();
        // Begins inside a block.
        ByteRange range = new ByteRange(1 << 20, bytes);
        try (ReadableByteChannel channel = cluster.open(FILE, range, FetchReason.DEMAND)) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException("the range ended early");
                }
            }
        }
        return buffer;
    }

    private static final class Zeros implements ReadableByteChannel {
        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read(ByteBuffer into) {
            int count = (int) Math.min(into.remaining(), left);
            into.put(new byte[count]);
            left -= count;
            return count == 0 ? -1 : count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
