package io.headrace.benchmarks.endtoend;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.store.CachedFile;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.headrace.testing.SeededBytes;
import io.headrace.worker.local.LocalParts;
import io.headrace.worker.local.LocalServer;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.BlockServer;
import io.headrace.worker.serve.BlockServerSettings;
import io.headrace.worker.serve.ServeParts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A worker's process that keeps one file whole, and serves and lends it until its input ends. */
final class BlockServing {
    private static final SeededBytes BYTES = new SeededBytes(4);
    private static final WorkerId ID = new WorkerId("w1");

    private BlockServing() {}

    static FileVersion file(long bytes) {
        return new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("model"), bytes, new EntityTag("\"1\""));
    }

    /**
     * Its process; says its port when it serves.
     *
     * @param directory of its store; sockets are in {@code sockets} below
     */
    static Process start(Path directory, long bytes) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BlockServing.class.getName(),
                        directory.toString(),
                        Long.toString(bytes))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process as clients know it. */
    static Worker worker(Process serving) throws IOException {
        int port = Integer.parseInt(serving.inputReader(StandardCharsets.UTF_8).readLine());
        return new Worker(
                ID,
                new Endpoint("127.0.0.1", port),
                new Topology("here", Optional.empty(), Optional.empty()),
                1,
                WorkerState.ACTIVE);
    }

    static LocalSettings settings(Path directory) {
        return LocalSettings.defaults().in(directory.resolve("sockets"));
    }

    /** @param arguments directory, length of the file */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        FileVersion version = file(Long.parseLong(arguments[1]));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        directory.resolve("store"),
                        Optional.of(new ByteSize(2 * version.lengthBytes() + (64 << 20))),
                        Optional.of(new ByteSize(0)));
        RangeSource source = (wanted, range, reason) -> new Bytes(range.offset(), range.end());
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TieredBlockStore store = TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime);
                CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, (fetched, present) -> {});
            ServeParts parts =
                    new ServeParts(store, source, Authorizer.loopbackOnly(), BlockServerSettings.defaults(), meters);
            LocalParts lending =
                    new LocalParts(ID, store, source, Authorizer.loopbackOnly(), settings(directory), meters);
            try (BlockServer server = BlockServer.start(anywhere, parts);
                    LocalServer _ = LocalServer.start(lending)) {
                System.out.println(server.port());
                while (System.in.read() >= 0) {
                    // Whoever started this process closes its input.
                }
            }
        }
    }

    private static final class Bytes implements ReadableByteChannel {
        private final long end;
        private long position;

        Bytes(long position, long end) {
            this.position = position;
            this.end = end;
        }

        @Override
        public int read(ByteBuffer into) {
            int count = (int) Math.min(into.remaining(), end - position);
            BYTES.fill(MemorySegment.ofBuffer(into.slice(into.position(), count)), position);
            into.position(into.position() + count);
            position += count;
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
