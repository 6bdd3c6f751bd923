package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.client.names.SubtreeNamespace;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubtreeNamespaceTest {
    @TempDir
    Path directory;

    private final FakeOrigin origin = new FakeOrigin("fake://models", 1000);
    private OpenCatalog open;
    private CatalogMount mount;
    private SubtreeNamespace shown;

    @BeforeEach
    void show() throws IOException {
        origin.put("a/b/inside", 1);
        origin.put("a/file", 2);
        origin.put("outside", 3);
        open = OpenCatalog.open(directory);
        mount = open.mountListed(origin);
        shown = SubtreeNamespace.of(open.catalog, List.of(EntryName.of("a")), open.clock);
    }

    @AfterEach
    void close() throws IOException {
        shown.close();
        open.close();
    }

    @Test
    void shows_what_the_directory_holds_and_nothing_else() throws IOException {
        assertThat(OpenCatalog.find(shown, "b/inside")).isPresent();
        assertThat(OpenCatalog.find(shown, "outside")).isEmpty();
        assertThat(OpenCatalog.find(shown, "a")).isEmpty();
        try (DirectoryCursor cursor = shown.openDirectory(Namespace.ROOT_ID)) {
            assertThat(cursor.next())
                    .get()
                    .extracting(entry -> entry.name().toString())
                    .isEqualTo("b");
            assertThat(cursor.next())
                    .get()
                    .extracting(entry -> entry.name().toString())
                    .isEqualTo("file");
            assertThat(cursor.next()).isEmpty();
        }
    }

    @Test
    void the_way_up_ends_at_the_directory() throws IOException {
        Entry b = OpenCatalog.find(shown, "b").orElseThrow();
        Entry inside = OpenCatalog.find(shown, "b/inside").orElseThrow();
        assertThat(shown.parentOf(inside.id())).contains(b.id());
        assertThat(shown.parentOf(b.id())).contains(Namespace.ROOT_ID);
        assertThat(shown.parentOf(Namespace.ROOT_ID)).contains(Namespace.ROOT_ID);
    }

    @Test
    void changes_of_the_directory_are_changes_of_the_root() throws IOException {
        List<NamespaceChange> changes = new CopyOnWriteArrayList<>();
        try (Namespace.Subscription subscription = shown.subscribe(changes::add)) {
            origin.put("a/new", 4);
            open.relist(mount);
            await().until(() -> !changes.isEmpty());
        }
        assertThat(changes).singleElement().isInstanceOfSatisfying(NamespaceChange.Added.class, added -> {
            assertThat(added.directoryId()).isEqualTo(Namespace.ROOT_ID);
            assertThat(added.name()).isEqualTo(EntryName.of("new"));
        });
        await().until(() -> shown.rootModified().equals(open.clock.instant()));
    }

    @Test
    void a_directory_that_is_not_there_is_no_root() {
        assertThatThrownBy(() -> SubtreeNamespace.of(
                        open.catalog, List.of(EntryName.of("a"), EntryName.of("missing")), open.clock))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("a/missing");
        assertThatThrownBy(() -> SubtreeNamespace.of(open.catalog, List.of(EntryName.of("outside")), open.clock))
                .isInstanceOf(NoSuchFileException.class);
    }
}
