package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What small files occupy, and that all of it is given back. */
final class PackedSpaceTest {
    private static final int[] LENGTHS = {1, 63, 64, 777, 4095, 4096, 4097, 100_000, 1 << 20};

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();
    private TieredBlockStore store;

    @BeforeEach
    void open() throws IOException {
        store = DiskStore.open(directory.resolve("cache"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void an_eviction_of_everything_frees_every_byte_and_every_slab() throws IOException {
        List<FileVersion> versions = readMany();
        for (FileVersion version : versions) {
            assertThat(store.evict(version)).isEqualTo(version.lengthBytes());
        }
        assertNothingIsLeft();
        readMany();
    }

    @Test
    void what_lies_before_a_restart_is_freed_after_it() throws IOException {
        List<FileVersion> versions = readMany();
        for (FileVersion version : versions.subList(0, versions.size() / 2)) {
            store.evict(version);
        }
        long used = usedBytes();
        store.close();
        open();
        assertThat(usedBytes()).isEqualTo(used);
        for (FileVersion version : versions) {
            store.evict(version);
        }
        assertNothingIsLeft();
    }

    @Test
    void an_eviction_frees_a_file_that_is_open() throws IOException {
        FileVersion version = version("open", 100_000);
        try (CachedFile file = store.open(version, source)) {
            StoreReads.readWholeChecked(file);
            await().until(file::isComplete);
            assertThat(store.evict(version)).isEqualTo(version.lengthBytes());
            assertNothingIsLeft();
            StoreReads.readWholeChecked(file);
        }
    }

    @Test
    void what_a_reader_holds_is_freed_when_it_is_given_back() throws IOException {
        FileVersion version = version("held", 100_000);
        try (CachedFile file = store.open(version, source)) {
            StoreReads.readWholeChecked(file);
            await().until(file::isComplete);
            try (PinnedBytes held = file.readNow(version.wholeFile()).orElseThrow()) {
                assertThat(store.evict(version)).isZero();
                StoreReads.assertBytes(version, version.wholeFile(), held);
                assertThat(usedBytes()).isGreaterThanOrEqualTo(version.lengthBytes());
            }
            assertNothingIsLeft();
        }
    }

    @Test
    void a_file_beside_others_is_punched_and_they_stay() throws IOException {
        FileVersion stays = version("stays", 100);
        FileVersion goes = version("goes", 100_000);
        FileVersion staysToo = version("stays-too", 100_000);
        for (FileVersion version : List.of(stays, goes, staysToo)) {
            read(version);
        }
        long before = usedBytes();
        store.evict(goes);
        assertThat(before - usedBytes()).isBetween(goes.lengthBytes() - 2 * 4096, goes.lengthBytes() + 2 * 4096);
        byte[] slab = Files.readAllBytes(slabs().getFirst());
        for (int i = 8192; i < 90_000; i++) {
            assertThat(slab[i]).isZero();
        }
        int requests = source.requests().size();
        read(stays);
        read(staysToo);
        assertThat(source.requests()).hasSize(requests);
    }

    @Test
    void a_slab_that_was_emptied_makes_room_for_others() throws IOException {
        for (int round = 0; round < 400; round++) {
            FileVersion version = version("round-" + round, 1 << 20);
            read(version);
            store.evict(version);
        }
        assertNothingIsLeft();
    }

    private List<FileVersion> readMany() throws IOException {
        List<FileVersion> versions = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            FileVersion version = version("file-" + i, LENGTHS[i % LENGTHS.length]);
            read(version);
            versions.add(version);
        }
        return versions;
    }

    private void read(FileVersion version) throws IOException {
        try (CachedFile file = store.open(version, source)) {
            StoreReads.readWholeChecked(file);
            file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(store.versions()).isEmpty();
        assertThat(usedBytes()).isZero();
        assertThat(slabs()).isEmpty();
    }

    private long usedBytes() {
        return Objects.requireNonNull(store.usage().tiers().get(Tier.DISK)).usedBytes();
    }

    private List<Path> slabs() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("cache/slabs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static FileVersion version(String key, long bytes) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), bytes, new EntityTag("\"" + key + "\""));
    }
}
