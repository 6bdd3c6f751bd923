package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.ReadAheadSettings;
import io.headrace.client.ReadAheads;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.RangeSource;
import io.headrace.store.StoreSettings;
import io.headrace.store.TieredBlockStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program that jumps about a large file costs the origin: mount, read-ahead and store together. */
@Timeout(120)
class RandomReadsIT {
    private static final int PAGE = 4096;
    private static final int PIECE = 64 << 10;
    private static final long LENGTH = 1L << 30;
    private static final int READS = 200;

    @TempDir
    Path scratch;

    private final Numbers origin = new Numbers();

    /** Every eight bytes are their own position, so that a byte from elsewhere is seen; the first ones are no format's. */
    private static final class Numbers implements RangeSource {
        final List<ByteRange> requests = new CopyOnWriteArrayList<>();

        @Override
        public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
            requests.add(range);
            return new ReadableByteChannel() {
                private long position = range.offset();

                @Override
                public int read(ByteBuffer into) {
                    if (position == range.end()) {
                        return -1;
                    }
                    int before = into.remaining();
                    while (into.remaining() >= Long.BYTES && position < range.end()) {
                        into.putLong(position);
                        position += Long.BYTES;
                    }
                    return before - into.remaining();
                }

                @Override
                public boolean isOpen() {
                    return true;
                }

                @Override
                public void close() {}
            };
        }

        long bytes() {
            return requests.stream().mapToLong(ByteRange::length).sum();
        }

        long wholeBlocks() {
            return requests.stream()
                    .filter(range -> range.length() == Blocks.BLOCK_BYTES)
                    .count();
        }
    }

    @Test
    void pages_anywhere_cost_a_piece_each_after_the_first_three() throws IOException {
        readPages(ReadAheadSettings.defaults());
        assertThat(origin.wholeBlocks()).isLessThanOrEqualTo(6);
        assertThat(origin.bytes()).isLessThanOrEqualTo(6L * Blocks.BLOCK_BYTES + (READS + 1L) * PIECE);
    }

    @Test
    void pages_anywhere_cost_blocks_where_exact_ranges_are_off() throws IOException {
        readPages(ReadAheadSettings.defaults().withoutExactRanges());
        assertThat(origin.requests).filteredOn(range -> range.length() == PIECE).hasSizeLessThanOrEqualTo(1);
        assertThat(origin.wholeBlocks()).isGreaterThan(READS / 2);
    }

    @Test
    void a_reader_from_end_to_end_costs_each_block_once() throws IOException {
        try (TieredBlockStore store = store()) {
            read(store, 64L << 20, ReadAheadSettings.defaults(), channel -> {
                for (long at = 0; at < 64L << 20; at += 1 << 20) {
                    assertRead(channel, at, 1 << 20);
                }
            });
        }
        assertThat(origin.requests)
                .allMatch(range -> range.length() == Blocks.BLOCK_BYTES)
                .doesNotHaveDuplicates();
    }

    private void readPages(ReadAheadSettings settings) throws IOException {
        Random random = new Random(7);
        try (TieredBlockStore store = store()) {
            read(store, LENGTH, settings, channel -> {
                for (int i = 0; i < READS; i++) {
                    assertRead(channel, random.nextLong(1, LENGTH / PAGE) * PAGE, PAGE);
                }
            });
        }
    }

    private TieredBlockStore store() throws IOException {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(
                        scratch.resolve("cache"),
                        Optional.of(ByteSize.ofMebibytes(1024)),
                        Optional.of(new ByteSize(0)));
        return TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
    }

    private interface Reader {
        void read(FileChannel channel) throws IOException;
    }

    private void read(TieredBlockStore store, long lengthBytes, ReadAheadSettings settings, Reader reader)
            throws IOException {
        MemoryNamespace names = new MemoryNamespace();
        FileEntry file = names.file(Namespace.ROOT_ID, "index.bin", lengthBytes);
        MountContent content = new MountContent(
                names,
                entry -> store.open(entry.version(), origin),
                entry -> ReadAheads.forFile(entry.name(), lengthBytes, settings),
                Mounted.NO_SIBLINGS);
        Path mountPoint = Files.createDirectories(scratch.resolve("mnt"));
        try (FuseMount mount = FuseMount.mount(
                        new MountTarget(mountPoint, "test:it", Optional.empty()),
                        Settings.served(),
                        content,
                        new SimpleMeterRegistry());
                FileChannel channel =
                        FileChannel.open(mount.mountPoint().resolve(file.name().toString()))) {
            reader.read(channel);
        }
    }

    private static void assertRead(FileChannel channel, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {}
        buffer.flip();
        assertThat(buffer.remaining()).isEqualTo(bytes);
        for (long expected = at; buffer.hasRemaining(); expected += Long.BYTES) {
            if (buffer.getLong() != expected) {
                throw new AssertionError("wrong bytes at " + expected);
            }
        }
    }
}
