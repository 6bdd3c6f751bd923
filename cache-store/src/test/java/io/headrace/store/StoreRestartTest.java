package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.ModificationTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store finds when it is opened again, whatever happened to its directory meanwhile. */
final class StoreRestartTest {
    private static final FileVersion LARGE = version("large", (9 << 20) + 5);
    private static final FileVersion SMALL = version("small", 70_000);

    @TempDir
    Path parent;

    private final PatternSource source = new PatternSource();
    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private TieredBlockStore store;

    @BeforeEach
    void open() throws IOException {
        meters = new SimpleMeterRegistry();
        store = TieredBlockStore.open(settings(), FaultPoints.NONE, meters, System::nanoTime);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void what_was_kept_is_here_after_a_restart() throws IOException {
        readBoth();
        int requests = source.requests().size();
        restart();
        readBoth();
        assertThat(source.requests()).hasSize(requests);
        assertThat(store.versions()).containsExactlyInAnyOrder(LARGE, SMALL);
    }

    @Test
    void a_complete_file_can_be_handed_out_soon_after_a_restart() throws IOException {
        readBoth();
        restart();
        try (CachedFile file = store.open(LARGE, source)) {
            await().until(file::isComplete);
            try (BackingFile lent = file.handOut().orElseThrow()) {
                assertThat(lent.descriptor()).isNotNegative();
            }
        }
    }

    @Test
    void a_flipped_bit_is_found_repaired_and_counted() throws IOException {
        readBoth();
        store.close();
        damage("blocks", Blocks.BLOCK_BYTES + 17L, 1);
        open();
        int before = source.requests().size();
        readBoth();
        List<PatternSource.Request> repairs =
                source.requests().subList(before, source.requests().size());
        assertThat(repairs)
                .containsExactly(
                        new PatternSource.Request(LARGE, Blocks.range(1, LARGE.lengthBytes()), FetchReason.REPAIR));
        assertThat(meters.get("headrace.store.damaged.blocks").counter().count())
                .isEqualTo(1);
        assertThat(meters.get("headrace.store.fetched.bytes")
                        .tag("reason", "repair")
                        .counter()
                        .count())
                .isEqualTo(Blocks.BLOCK_BYTES);
    }

    @Test
    void a_reader_who_jumps_into_a_damaged_block_repairs_it_whole() throws IOException {
        readBoth();
        store.close();
        damage("blocks", Blocks.BLOCK_BYTES + 17L, 1);
        open();
        int before = source.requests().size();
        try (CachedFile file = store.open(LARGE, source)) {
            StoreReads.readExactlyChecked(file, new ByteRange(Blocks.BLOCK_BYTES, 100));
        }
        assertThat(source.requests().subList(before, source.requests().size()))
                .containsExactly(
                        new PatternSource.Request(LARGE, Blocks.range(1, LARGE.lengthBytes()), FetchReason.REPAIR));
    }

    @Test
    void a_flipped_bit_in_a_small_file_is_found_and_repaired() throws IOException {
        readBoth();
        store.close();
        damage("slabs", 17, 1);
        open();
        int before = source.requests().size();
        readBoth();
        assertThat(source.requests().subList(before, source.requests().size()))
                .containsExactly(new PatternSource.Request(SMALL, SMALL.wholeFile(), FetchReason.REPAIR));
    }

    @Test
    void a_torn_write_is_found() throws IOException {
        readBoth();
        store.close();
        damage("blocks", Blocks.BLOCK_BYTES / 2, Blocks.BLOCK_BYTES / 2);
        open();
        assertThat(store.check(LARGE).damagedBlocks()).containsExactly(0);
        readBoth();
        assertThat(store.check(LARGE).damagedBlocks()).isEmpty();
    }

    @Test
    void a_file_and_a_slab_that_were_cut_short_are_repaired() throws IOException {
        readBoth();
        for (String kind : List.of("blocks", "slabs")) {
            try (RandomAccessFile file =
                    new RandomAccessFile(files(kind).getFirst().toFile(), "rw")) {
                file.setLength(5);
            }
        }
        assertThat(store.check(LARGE).damagedBlocks()).containsExactly(0, 1, 2);
        assertThat(store.check(SMALL).damagedBlocks()).containsExactly(0);
        readBoth();
        assertThat(store.check(LARGE).damagedBlocks()).isEmpty();
        assertThat(store.check(SMALL).damagedBlocks()).isEmpty();
    }

    @Test
    void checking_finds_a_bit_that_flips_under_a_running_store() throws IOException {
        readBoth();
        damage("blocks", 5, 1);
        damage("slabs", 5, 1);
        assertThat(store.check(LARGE).damagedBlocks()).containsExactly(0);
        assertThat(store.check(SMALL).damagedBlocks()).containsExactly(0);
        readBoth();
    }

    @Test
    void pins_survive_a_restart() throws IOException {
        store.pin(LARGE);
        readBoth();
        restart();
        assertThat(store.residency(LARGE).orElseThrow().pinned()).isTrue();
        store.unpin(LARGE);
        restart();
        assertThat(store.residency(LARGE).orElseThrow().pinned()).isFalse();
    }

    @Test
    void a_lost_file_is_fetched_again_and_a_stray_one_removed() throws IOException {
        readBoth();
        store.close();
        Path lost = files("blocks").getFirst();
        Path stray = lost.resolveSibling("00000000000000ff.blocks");
        Files.move(lost, stray);
        open();
        assertThat(stray).doesNotExist();
        assertThat(store.residency(LARGE)).isEmpty();
        readBoth();
    }

    @Test
    void a_second_owner_is_refused_with_the_first_ones_pid() {
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid())
                .hasMessageContaining(settings().directory().toString());
    }

    @Test
    void another_format_is_refused() throws IOException {
        store.close();
        Files.writeString(settings().directory().resolve("FORMAT"), "headrace-store 99\n");
        assertThatThrownBy(this::open).hasMessageContaining("headrace-store 99");
        Files.writeString(settings().directory().resolve("FORMAT"), "headrace-store 2\n");
        open();
    }

    @Test
    void a_foreign_directory_is_refused_and_left_alone() throws IOException {
        store.close();
        Path foreign = Files.createDirectories(parent.resolve("home"));
        Files.writeString(foreign.resolve("thesis.txt"), "years of work");
        StoreSettings settings = settings()
                .withTiers(foreign, settings().diskCapacity(), settings().memoryCapacity());
        assertThatThrownBy(() -> TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime))
                .hasMessageContaining("no Headrace cache")
                .hasMessageContaining("thesis.txt");
        try (Stream<Path> entries = Files.list(foreign)) {
            assertThat(entries).containsExactly(foreign.resolve("thesis.txt"));
        }
    }

    private StoreSettings settings() {
        return StoreSettings.defaults()
                .withTiers(
                        parent.resolve("cache"), Optional.of(ByteSize.ofMebibytes(128)), Optional.of(new ByteSize(0)));
    }

    private void restart() throws IOException {
        store.close();
        open();
    }

    private void readBoth() throws IOException {
        for (FileVersion version : List.of(LARGE, SMALL)) {
            try (CachedFile file = store.open(version, source)) {
                StoreReads.readWholeChecked(file);
                await().until(file::isComplete);
            }
        }
    }

    private void damage(String kind, long offset, int bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(files(kind).getFirst().toFile(), "rw")) {
            file.seek(offset);
            int first = file.read();
            file.seek(offset);
            file.write(new byte[bytes]);
            file.seek(offset);
            file.write(first ^ 0x10);
        }
    }

    private List<Path> files(String kind) {
        try (Stream<Path> files = Files.walk(settings().directory().resolve(kind))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileVersion version(String key, long bytes) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), bytes, new ModificationTag(1_700_000_000_000L, 7));
    }
}
