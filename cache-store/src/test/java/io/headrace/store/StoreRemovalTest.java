package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreRemovalTest {
    @TempDir
    Path folder;

    private Path whole;
    private Path store;

    @BeforeEach
    void makeAStore() throws IOException {
        whole = Files.createDirectory(folder.resolve("cache"));
        Files.createDirectories(whole.resolve("beside/it"));
        store = whole.resolve("blocks");
        DiskStore.open(store).close();
    }

    @Test
    void nothing_stays_of_a_store_that_nobody_has_open() throws IOException {
        StoreRemoval.remove(whole, store);

        assertThat(entries()).isEmpty();
    }

    @Test
    void a_store_that_is_open_stays_whole() throws IOException {
        try (TieredBlockStore open = DiskStore.open(store)) {
            assertThatThrownBy(() -> StoreRemoval.remove(whole, store)).isInstanceOf(DirectoryInUseException.class);

            assertThat(open.versions()).isEmpty();
            assertThat(whole.resolve("beside/it")).isDirectory();
        }
        DiskStore.open(store).close();
    }

    @Test
    void a_store_of_another_format_goes_too() throws IOException {
        Files.writeString(store.resolve("FORMAT"), "headrace-store 99\n");

        StoreRemoval.remove(whole, store);

        assertThat(entries()).isEmpty();
    }

    @Test
    void what_a_removal_that_was_broken_off_left_goes() throws IOException {
        Path left = Files.createDirectory(folder.resolve("cache.removed"));
        Files.createDirectories(left.resolve("beside/it"));

        StoreRemoval.remove(left, left.resolve("blocks"));

        assertThat(entries()).containsExactly(whole);
    }

    private Stream<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList().stream();
        }
    }
}
