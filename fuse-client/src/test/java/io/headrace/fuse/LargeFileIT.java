package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Offsets that need more than 32 bits, in a sparse file that takes no space. */
@Timeout(60)
class LargeFileIT {
    private static final long FOUR_GIB = 4L << 30;
    private static final long LENGTH = (9L << 30) + 77;
    private static final long[] MARKS = {
        0, FOUR_GIB - 8, FOUR_GIB, FOUR_GIB + 4096, 2 * FOUR_GIB - 3, 2 * FOUR_GIB + (5 << 20), LENGTH - 8
    };

    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();
    private final FileEntry file = names.file(Namespace.ROOT_ID, "large", LENGTH);

    @ParameterizedTest
    @EnumSource
    void bytes_beyond_four_gibibytes_are_where_they_should_be(ReadMode mode) throws Exception {
        try (Mounted mounted = new Mounted(scratch, names, mode.settings())) {
            mode.arrange(mounted.store.sparse(file, MARKS));
            assertThat(Files.size(mounted.path("large"))).isEqualTo(LENGTH);
            try (FileChannel channel = FileChannel.open(mounted.path("large"))) {
                for (long mark : MARKS) {
                    assertThat(read(channel, mark)).as("at %d", mark).isEqualTo(TemporaryStore.mark(mark));
                }
                assertThat(read(channel, FOUR_GIB + 8)).isEqualTo(ByteBuffer.allocate(8));
                assertThat(channel.read(ByteBuffer.allocate(8), LENGTH)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_mapping_beyond_four_gibibytes_has_the_same_bytes(ReadMode mode) throws Exception {
        try (Mounted mounted = new Mounted(scratch, names, mode.settings())) {
            mode.arrange(mounted.store.sparse(file, MARKS));
            for (Path path : new Path[] {mounted.path("large"), mounted.store.pathOf(file)}) {
                assertThat(Mounted.run(MappedMarks.command(path, MARKS).toArray(String[]::new)))
                        .as("of %s", path)
                        .isEqualTo("all marks are there");
            }
        }
    }

    private static ByteBuffer read(FileChannel channel, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {}
        return bytes.flip();
    }
}
