package io.headrace.benchmarks.endtoend;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.store.CachedFile;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.headrace.testing.SeededBytes;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.BlockServer;
import io.headrace.worker.serve.BlockServerSettings;
import io.headrace.worker.serve.ServeParts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Optional;

/** A worker's process that keeps one file whole and serves it until its input ends. */
final class BlockServing {
    private static final SeededBytes BYTES = new SeededBytes(4);

    private BlockServing() {}

    static FileVersion file(long bytes) {
        return new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("model"), bytes, new EntityTag("\"1\""));
    }

    /** @param arguments directory, length of the file */
    public static void main(String[] arguments) throws Exception {
        FileVersion version = file(Long.parseLong(arguments[1]));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        Path.of(arguments[0]),
                        Optional.of(new ByteSize(2 * version.lengthBytes() + (64 << 20))),
                        Optional.of(new ByteSize(0)));
        RangeSource source = (wanted, range, reason) -> new Bytes(range.offset(), range.end());
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (TieredBlockStore store = TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime);
                CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, (fetched, present) -> {});
            ServeParts parts =
                    new ServeParts(store, source, Authorizer.loopbackOnly(), BlockServerSettings.defaults(), meters);
            try (BlockServer server = BlockServer.start(anywhere, parts)) {
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
