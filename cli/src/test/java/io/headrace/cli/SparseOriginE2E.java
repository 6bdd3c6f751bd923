package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.v1.NodeStatus;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on files that are long or many and take no space at their origin: zeros, but for some marks. */
class SparseOriginE2E {
    private static final long FOUR_GIB = 4L << 30;
    private static final long LARGE = FOUR_GIB + (1L << 30) + 77;
    private static final long[] MARKS = {0, FOUR_GIB - 8, FOUR_GIB, FOUR_GIB + (9 << 20) + 3, LARGE - 8};
    private static final long MOST_FETCHED = 256L << 20;

    /** Longer than small files, which lie packed. */
    private static final long NOT_SMALL = (1 << 20) + 8;

    private static final int MANY = 1500;

    @TempDir
    private Path folder;

    private Launcher headrace;
    private Path origin;
    private Path mountPoint;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        headrace = Launcher.in(folder);
        origin = Files.createDirectory(folder.resolve("origin"));
        mountPoint = Files.createDirectory(folder.resolve("mount"));
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
    }

    @Test
    void bytes_beyond_four_gibibytes_are_read_and_mapped_without_fetching_those_before() throws Exception {
        write("large", LARGE, MARKS);
        mount();
        Path large = mountPoint.resolve("large");

        assertThat(Files.size(large)).isEqualTo(LARGE);
        try (FileChannel channel = FileChannel.open(large);
                Arena arena = Arena.ofConfined()) {
            for (long offset : MARKS) {
                assertThat(read(channel, offset)).as("read at %d", offset).isEqualTo(mark(offset));
            }
            assertThat(channel.read(ByteBuffer.allocate(8), LARGE)).isEqualTo(-1);
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, LARGE, arena);
            for (long offset : MARKS) {
                assertThat(mapped.asSlice(offset, 8).asByteBuffer())
                        .as("mapped at %d", offset)
                        .isEqualTo(mark(offset));
            }
        }
        NodeStatus status = headrace.status(mountPoint);
        assertThat(status.getTiersList())
                .allSatisfy(tier -> assertThat(tier.getUsedBytes()).isLessThan(MOST_FETCHED));
    }

    @Test
    void more_than_a_thousand_files_are_open_at_once() throws Exception {
        for (int i = 0; i < MANY; i++) {
            write("f" + i, NOT_SMALL, i);
        }
        mount();
        List<InputStream> opened = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                opened.add(Files.newInputStream(mountPoint.resolve("f" + i)));
            }
            for (int i = 0; i < MANY; i++) {
                opened.get(i).skipNBytes(i);
                assertThat(opened.get(i).readNBytes(8)).as("of file %d", i).isEqualTo(mark(i).array());
            }
        } finally {
            for (InputStream file : opened) {
                file.close();
            }
        }
        headrace.succeed("umount", mountPoint);
    }

    private void mount() throws IOException, InterruptedException {
        headrace.succeed(
                "mount",
                "--cache",
                folder.resolve("cache") + ":512MiB",
                "--memory=64MiB",
                "--read-ahead=off",
                origin.toUri(),
                mountPoint);
    }

    private void write(String name, long length, long... marks) throws IOException {
        try (FileChannel channel = FileChannel.open(
                origin.resolve(name),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), length - 1);
            for (long offset : marks) {
                channel.write(mark(offset), offset);
            }
        }
    }

    /** Eight bytes that only this offset has. */
    private static ByteBuffer mark(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(~offset).flip();
    }

    private static ByteBuffer read(FileChannel channel, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {}
        return bytes.flip();
    }
}
