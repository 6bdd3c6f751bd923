package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody cuts a cache file short while its bytes are mapped and were verified. */
final class TruncatedFileTest {
    private static final int BYTES = 9 << 20;
    private static final FileVersion VERSION =
            new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("file"), BYTES, new EntityTag("\"1\""));

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();

    @Test
    void copying_pinned_bytes_fails_with_a_typed_error_until_a_check_has_dropped_the_blocks() throws IOException {
        try (TieredBlockStore store = DiskStore.open(directory.resolve("cache"));
                CachedFile file = store.open(VERSION, source)) {
            StoreReads.readWholeChecked(file);
            await().until(file::isComplete);
            try (PinnedBytes bytes = file.readNow(VERSION.wholeFile()).orElseThrow()) {
                bytes.copyTo(ByteBuffer.allocate(BYTES));
                cutShort();
                assertThatThrownBy(() -> bytes.copyTo(ByteBuffer.allocate(BYTES)))
                        .isInstanceOf(UnreadableBytesException.class)
                        .hasMessageContaining("cut short");
            }
            assertThat(store.check(VERSION).damagedBlocks()).containsExactly(0, 1, 2);
            StoreReads.readWholeChecked(file);
        }
    }

    private void cutShort() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("cache/blocks"))) {
            Path only = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(only.toFile(), "rw")) {
                file.setLength(0);
            }
        }
    }
}
