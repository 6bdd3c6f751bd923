package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link Namespace} shows of an origin, whatever kind of origin it is. */
abstract class NamespaceContract {
    private static final Duration BOUND = MountSettings.defaults().staleness();

    @TempDir
    Path directory;

    private UnderStore origin;
    private OpenCatalog open;

    /** An origin without objects. */
    abstract UnderStore openEmpty() throws IOException;

    /** Makes an object, or replaces it by another version. */
    abstract void put(String key, int lengthBytes) throws IOException;

    /** Removes an object, and the directories that are empty then. */
    abstract void remove(String key) throws IOException;

    /** What reads the catalog; a client of it is closed by {@link #closeClient}. */
    Namespace read(OpenCatalog opened) throws IOException {
        return opened.catalog;
    }

    void closeClient() throws IOException {}

    /** From now on the origin does not answer. */
    abstract void breakDown() throws IOException;

    /** The origin answers again. */
    abstract void recover() throws IOException;

    final OpenCatalog open() {
        return open;
    }

    final UnderStore origin() {
        return origin;
    }

    @BeforeEach
    void openCatalog() throws IOException {
        origin = openEmpty();
        open = OpenCatalog.open(directory.resolve("catalog"));
        open.readThrough(read(open));
    }

    @AfterEach
    void closeCatalog() throws IOException {
        closeClient();
        open.close();
        origin.close();
    }

    @Test
    void finds_a_name_at_any_depth_before_anything_was_listed() throws IOException {
        put("a/b/model.bin", 7);
        open.mount(origin);
        assertThat(open.find("a/b/model.bin")).get().isInstanceOfSatisfying(FileEntry.class, file -> {
            assertThat(file.version().lengthBytes()).isEqualTo(7);
            assertThat(file.version().key()).isEqualTo(ObjectKey.of("a/b/model.bin"));
            assertThat(file.version().mount()).isEqualTo(origin.mountId());
        });
        assertThat(open.find("a/b")).get().isInstanceOf(DirectoryEntry.class);
        assertThat(open.find("a/b/missing")).isEmpty();
        assertThat(open.find("a/b/model")).isEmpty();
    }

    @Test
    void a_version_is_the_origins_own() throws IOException {
        put("d/x", 3);
        open.mountListed(origin);
        FileEntry file = (FileEntry) open.find("d/x").orElseThrow();
        assertThat(origin.head(ObjectKey.of("d/x")).map(status -> status.version(origin.mountId())))
                .contains(file.version());
    }

    @Test
    void an_origin_without_objects_is_an_empty_root() throws IOException {
        open.mountListed(origin);
        assertThat(open.list(Namespace.ROOT_ID)).isEmpty();
        assertThat(open.find("a")).isEmpty();
        assertThat(open.names().totals()).isEqualTo(new NamespaceTotals(0, 0, 0));
    }

    @Test
    void names_come_in_the_order_of_their_bytes_before_and_after_all_was_listed() throws IOException {
        for (String key : List.of("b", "a/x", "a-b", "a.b", "B", "\u00e9", "10", "9", "a0")) {
            put(key, 1);
        }
        List<String> inOrder = List.of("10", "9", "B", "a", "a-b", "a.b", "a0", "b", "\u00e9");
        open.mount(origin);
        assertThat(open.list(Namespace.ROOT_ID)).isEqualTo(inOrder);
        open.background.runListing();
        assertThat(open.list(Namespace.ROOT_ID)).isEqualTo(inOrder);
    }

    @Test
    void ids_stay_when_all_is_listed_again_and_after_a_restart() throws IOException {
        put("a/x", 1);
        put("b", 2);
        CatalogMount mount = open.mountListed(origin);
        var before = open.walk();
        open.relist(mount);
        assertThat(open.walk()).isEqualTo(before);
        closeClient();
        open.close();
        open = new OpenCatalog(directory.resolve("catalog"), open.clock, FaultPoints.NONE);
        open.readThrough(read(open));
        open.mount(origin);
        assertThat(open.walk()).isEqualTo(before);
    }

    @Test
    void a_replaced_an_added_and_a_removed_object_show_within_the_bound() throws IOException {
        put("d/kept", 1);
        put("d/replaced", 1);
        put("d/removed", 1);
        open.mountListed(origin);
        long d = open.find("d").orElseThrow().id();
        long replaced = open.find("d/replaced").orElseThrow().id();
        long kept = open.find("d/kept").orElseThrow().id();
        put("d/replaced", 2);
        put("d/added", 1);
        remove("d/removed");

        open.clock.advance(BOUND);

        assertThat(open.find("d/replaced")).get().extracting(Entry::id).isNotEqualTo(replaced);
        assertThat(open.names().entry(replaced)).isEmpty();
        assertThat(open.find("d/kept")).get().extracting(Entry::id).isEqualTo(kept);
        assertThat(open.find("d/added")).isPresent();
        assertThat(open.find("d/removed")).isEmpty();
        assertThat(open.list(d)).containsExactly("added", "kept", "replaced");
    }

    @Test
    void an_open_listing_stays_the_same_and_a_new_one_shows_the_change() throws IOException {
        put("d/a", 1);
        put("d/b", 1);
        open.mountListed(origin);
        long d = open.find("d").orElseThrow().id();
        try (DirectoryCursor cursor = open.names().openDirectory(d)) {
            cursor.next();
            put("d/c", 1);
            open.clock.advance(BOUND);
            assertThat(open.list(d)).containsExactly("a", "b", "c");
            assertThat(cursor.next()).get().extracting(Entry::name).isEqualTo(EntryName.of("b"));
            assertThat(cursor.next()).isEmpty();
        }
    }

    @Test
    void revalidation_on_open_shows_a_replaced_object_at_once() throws IOException {
        put("a", 1);
        open.catalog.mount("", origin, new MountSettings(BOUND, true, Duration.ofMinutes(10)));
        open.background.runListing();
        put("a", 2);
        assertThat(open.find("a"))
                .get()
                .isInstanceOfSatisfying(
                        FileEntry.class,
                        file -> assertThat(file.version().lengthBytes()).isEqualTo(2));
    }

    @Test
    void changes_are_announced_precisely_and_in_order() throws IOException {
        put("d/kept", 1);
        put("d/replaced", 1);
        put("gone/x", 1);
        CatalogMount mount = open.mountListed(origin);
        long d = open.find("d").orElseThrow().id();
        long gone = open.find("gone").orElseThrow().id();
        List<NamespaceChange> heard = new CopyOnWriteArrayList<>();
        List<NamespaceChange.OfName> seen = new ArrayList<>();
        try (Namespace.Subscription subscription = open.names().subscribe(heard::add)) {
            put("d/first", 1);
            open.relist(mount);
            await().until(() ->
                    ofNames(heard).stream().anyMatch(change -> change.name().equals(EntryName.of("first"))));
            heard.clear();
            put("d/replaced", 2);
            put("d/sub/new", 1);
            remove("gone/x");
            open.relist(mount);
            await().until(() -> ofNames(heard).size() >= 4);
            seen.addAll(ofNames(heard));
        }
        assertThat(seen)
                .extracting(change -> change.getClass().getSimpleName() + " " + change.name())
                .containsExactlyInAnyOrder("Replaced replaced", "Added sub", "Removed x", "Removed gone");
        assertThat(seen).filteredOn(change -> change.directoryId() == d).hasSize(2);
        assertThatThrownBy(() -> open.names().openDirectory(gone)).isInstanceOf(NoSuchFileException.class);
    }

    private static List<NamespaceChange.OfName> ofNames(List<NamespaceChange> changes) {
        return changes.stream()
                .filter(NamespaceChange.OfName.class::isInstance)
                .map(NamespaceChange.OfName.class::cast)
                .toList();
    }

    @Test
    void a_file_is_no_directory() throws IOException {
        put("a", 1);
        open.mountListed(origin);
        long file = open.find("a").orElseThrow().id();
        assertThatThrownBy(() -> open.names().openDirectory(file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_cursor_goes_back_to_any_position_it_gave() throws IOException {
        for (int i = 0; i < 1000; i++) {
            put("d/" + (1000 + i), 1);
        }
        open.mountListed(origin);
        try (DirectoryCursor cursor =
                open.names().openDirectory(open.find("d").orElseThrow().id())) {
            while (cursor.next().isPresent()) {
                // To the end.
            }
            assertThat(cursor.position()).isEqualTo(1000);
            for (long position : new long[] {0, 999, 63, 64, 65, 500, 501, 128, 0, 1000}) {
                cursor.seek(position);
                assertThat(cursor.position()).isEqualTo(position);
                if (position < 1000) {
                    assertThat(cursor.next())
                            .get()
                            .extracting(Entry::name)
                            .isEqualTo(EntryName.of(String.valueOf(1000 + position)));
                }
            }
        }
    }

    @Test
    void entry_and_parent_follow_ids() throws IOException {
        put("a/b/c", 1);
        open.mountListed(origin);
        Entry c = open.find("a/b/c").orElseThrow();
        Entry b = open.find("a/b").orElseThrow();
        assertThat(open.names().entry(c.id())).contains(c);
        assertThat(open.names().parentOf(c.id())).contains(b.id());
        assertThat(open.names().parentOf(Namespace.ROOT_ID)).contains(Namespace.ROOT_ID);
        assertThat(open.names().entry(c.id() + 1000)).isEmpty();
    }

    @Test
    void totals_are_those_of_the_last_listing() throws IOException {
        put("a/x", 10);
        put("a/b/y", 20);
        CatalogMount mount = open.mountListed(origin);
        assertThat(open.names().totals()).isEqualTo(new NamespaceTotals(2, 2, 30));
        remove("a/b/y");
        put("z", 5);
        open.relist(mount);
        assertThat(open.names().totals()).isEqualTo(new NamespaceTotals(2, 1, 15));
    }

    @Test
    void an_origin_that_does_not_answer_is_an_error_and_no_absent_name() throws IOException {
        put("a", 1);
        breakDown();
        open.mount(origin);
        assertThatThrownBy(() -> open.find("a")).isInstanceOf(OriginException.class);
        assertThatThrownBy(() -> open.list(Namespace.ROOT_ID)).isInstanceOf(OriginException.class);
        recover();
        assertThat(open.find("a")).isPresent();
    }

    @Test
    void an_origin_that_breaks_down_leaves_the_old_names() throws IOException {
        put("d/a", 1);
        CatalogMount mount = open.mountListed(origin);
        var before = open.walk();
        breakDown();
        open.clock.advance(BOUND.multipliedBy(2));
        assertThat(open.walk()).isEqualTo(before);
        assertThatThrownBy(mount::list).isInstanceOf(OriginException.class);
        assertThat(open.walk()).isEqualTo(before);
    }
}
