package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Blocks;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody cuts a cache file short while its bytes are mapped and were verified. */
final class TruncatedFileTest {
    private static final int BYTES = 9 << 20;
    private static final FileVersion VERSION = version("file", BYTES);
    private static final ByteRange SECOND_BLOCK = Blocks.range(1, BYTES);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PatternSource source = new PatternSource();
    private TieredBlockStore store;
    private CachedFile file;

    @BeforeEach
    void keepAFile() throws IOException {
        store = DiskStore.open(directory.resolve("cache"), meters);
        file = store.open(VERSION, source);
        StoreReads.readWholeChecked(file);
        await().until(file::isComplete);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        store.close();
    }

    @Test
    void copying_pinned_bytes_fails_with_a_typed_error_until_a_check_has_dropped_the_blocks() throws IOException {
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

    @Test
    void a_recheck_drops_a_file_that_was_cut_short_which_is_fetched_again() throws IOException {
        cutShort();

        assertThat(file.recheck(SECOND_BLOCK)).isTrue();

        assertThat(file.isComplete()).isFalse();
        assertThat(file.readNow(SECOND_BLOCK)).isEmpty();
        // The last block first: what is before it must not be taken for kept.
        StoreReads.readChecked(file, Blocks.range(2, BYTES));
        StoreReads.readWholeChecked(file);
        await().until(file::isComplete);
        assertThat(damagedBlocks()).isEqualTo(3);
    }

    @Test
    void a_recheck_of_sound_blocks_drops_nothing() throws IOException {
        assertThat(file.recheck(VERSION.wholeFile())).isFalse();

        assertThat(file.isComplete()).isTrue();
        int before = source.requests().size();
        StoreReads.readWholeChecked(file);
        assertThat(source.requests()).hasSize(before);
    }

    @Test
    void a_recheck_drops_a_block_with_other_bytes() throws IOException {
        overwrite(SECOND_BLOCK.offset());

        assertThat(file.recheck(VERSION.wholeFile())).isTrue();

        assertThat(damagedBlocks()).isEqualTo(1);
        int before = source.requests().size();
        StoreReads.readWholeChecked(file);
        assertThat(source.requests()).hasSize(before + 1);
    }

    @Test
    void a_damaged_block_that_others_pin_is_given_to_nobody_and_fetched_again_after_them() throws Exception {
        CompletableFuture<Void> read;
        try (PinnedBytes others = file.readNow(SECOND_BLOCK).orElseThrow()) {
            overwrite(SECOND_BLOCK.offset());
            boolean _ = file.recheck(SECOND_BLOCK);

            assertThat(file.readNow(SECOND_BLOCK)).isEmpty();
            assertThat(file.isComplete()).isFalse();
            read = CompletableFuture.runAsync(() -> {
                try {
                    StoreReads.readChecked(file, SECOND_BLOCK);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(others.segments()).isNotEmpty();
        }
        read.get(30, TimeUnit.SECONDS);
    }

    @Test
    void who_pins_a_file_that_was_cut_short_never_sees_what_is_written_after() throws IOException {
        try (PinnedBytes others = file.readNow(Blocks.range(0, BYTES)).orElseThrow()) {
            cutShort();
            assertThat(file.recheck(VERSION.wholeFile())).isTrue();
            StoreReads.readWholeChecked(file);

            assertThatThrownBy(() -> others.copyTo(ByteBuffer.allocate(BYTES)))
                    .isInstanceOf(UnreadableBytesException.class);
        }
    }

    @Test
    void a_block_that_arrives_in_a_file_that_was_cut_short_does_not_bring_zeros_to_the_others() throws IOException {
        FileVersion version = version("partly", BYTES);
        try (CachedFile partly = store.open(version, source)) {
            StoreReads.readChecked(partly, Blocks.range(0, BYTES));
            await().until(() ->
                    partly.residency().uniqueBytes() == Blocks.range(0, BYTES).length());
            cutShort();

            StoreReads.readChecked(partly, Blocks.range(2, BYTES));
            await().until(() ->
                    partly.residency().uniqueBytes() == Blocks.range(2, BYTES).length());

            StoreReads.readWholeChecked(partly);
        }
    }

    @Test
    void a_file_that_was_cut_short_while_nobody_had_it_open_is_fetched_again() throws IOException {
        file.close();
        cutShort();

        try (CachedFile again = store.open(VERSION, source)) {
            StoreReads.readWholeChecked(again);
        }
    }

    @Test
    void a_small_file_whose_slab_was_cut_short_is_fetched_again_into_another() throws IOException {
        FileVersion first = version("first", 100_000);
        FileVersion second = version("second", 100_000);
        try (CachedFile before = store.open(first, source);
                CachedFile after = store.open(second, source)) {
            StoreReads.readWholeChecked(before);
            await().until(before::isComplete);
            try (PinnedBytes mapped = before.readNow(first.wholeFile()).orElseThrow()) {
                mapped.copyTo(ByteBuffer.allocate(100_000));
            }
            cutShort();
            StoreReads.readWholeChecked(after);
            await().until(after::isComplete);

            assertThat(before.recheck(first.wholeFile())).isTrue();

            StoreReads.readWholeChecked(before);
            StoreReads.readWholeChecked(after);
        }
    }

    private double damagedBlocks() {
        return meters.counter("headrace.store.damaged.blocks", "tier", "disk").count();
    }

    private void overwrite(long offset) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("cache/blocks"))) {
            Path only = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            try (RandomAccessFile damaged = new RandomAccessFile(only.toFile(), "rw")) {
                damaged.seek(offset);
                damaged.write(new byte[4096]);
            }
        }
    }

    private void cutShort() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
            for (Path path :
                    files.filter(path -> path.toString().endsWith(".blocks")).toList()) {
                try (RandomAccessFile cut = new RandomAccessFile(path.toFile(), "rw")) {
                    cut.setLength(0);
                }
            }
        }
    }

    private static FileVersion version(String name, int bytes) {
        return new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of(name), bytes, new EntityTag("\"1\""));
    }
}
