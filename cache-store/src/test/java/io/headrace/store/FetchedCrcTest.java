package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FetchedCrcTest {
    private static final int BYTES = (9 << 20) + 123;
    private static final FileVersion VERSION =
            new FileVersion(new MountId("00000000000000aa"), ObjectKey.of("file"), BYTES, new EntityTag("\"1\""));
    private static final ByteRange FIRST_PART = new ByteRange(0, 256 << 10);

    @TempDir
    Path directory;

    private TieredBlockStore store;
    private CachedFile file;

    @BeforeEach
    void keepAFile() throws IOException {
        store = DiskStore.open(directory.resolve("cache"), new SimpleMeterRegistry());
        file = store.open(VERSION, new PatternSource());
        StoreReads.readWholeChecked(file);
        await().until(file::isComplete);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"0,262144", "262144,1048576", "4194304,8388608", "8388608,9437307", "9437184,9437307"})
    void whole_parts_of_a_block_have_the_sum_of_their_bytes(int from, int to) throws IOException {
        try (PinnedBytes bytes = file.readNow(ByteRange.between(from, to)).orElseThrow()) {
            assertThat(bytes.fetchedCrc()).hasValue(crc(bytes));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1000", "1,262144", "4194304,8388607", "0,8388608"})
    void other_ranges_have_none(int from, int to) throws IOException {
        try (PinnedBytes bytes = file.readNow(ByteRange.between(from, to)).orElseThrow()) {
            assertThat(bytes.fetchedCrc()).isEmpty();
        }
    }

    @Test
    void what_changes_later_no_longer_matches() throws IOException {
        try (PinnedBytes bytes = file.readNow(FIRST_PART).orElseThrow()) {
            int fetched = bytes.fetchedCrc().orElseThrow();

            damage();

            assertThat(bytes.fetchedCrc()).hasValue(fetched);
            assertThat(crc(bytes)).isNotEqualTo(fetched);
        }
    }

    @Test
    void a_block_that_was_damaged_before_it_was_asked_about_is_given_to_nobody_more() throws IOException {
        damage();
        try (PinnedBytes bytes = file.readNow(FIRST_PART).orElseThrow()) {
            assertThatThrownBy(bytes::fetchedCrc)
                    .isInstanceOf(UnreadableBytesException.class)
                    .hasMessageContaining("block 0");
        }
        assertThat(file.readNow(FIRST_PART)).isEmpty();
        StoreReads.readWholeChecked(file);
    }

    private void damage() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path kept :
                    files.filter(path -> path.toFile().length() == BYTES).toList()) {
                try (RandomAccessFile bytes = new RandomAccessFile(kept.toFile(), "rw")) {
                    int was = bytes.read();
                    bytes.seek(0);
                    bytes.write(was ^ 4);
                }
            }
        }
    }

    private static int crc(PinnedBytes bytes) throws UnreadableBytesException {
        ByteBuffer copy = ByteBuffer.allocate(BYTES);
        bytes.copyTo(copy);
        CRC32C crc = new CRC32C();
        crc.update(copy.flip());
        return (int) crc.getValue();
    }
}
