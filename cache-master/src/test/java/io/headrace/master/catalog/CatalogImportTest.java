package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.NamespaceChange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listings that are large enough to go into the tables as files. */
final class CatalogImportTest {
    private static final int TREES = 1000;

    private final FakeOrigin origin = new FakeOrigin("s3://bucket", 1000);

    @TempDir
    Path directory;

    /** Keys of one directory with those of the directories in it between them, and files under directories' names. */
    private void fill(String above) {
        for (int i = 0; i < TREES; i++) {
            String tree = above + "d" + i;
            origin.put(tree + "/a", i).put(tree + "/b", 1).put(tree + "/b/x", 2);
            origin.put(tree + "/c/y/z", 3).put(tree + "/c.txt", 4).put(tree + "/zz", 5);
        }
    }

    private Set<FileVersion> reachable() {
        return origin.content().values().stream()
                .filter(status -> !status.key().toString().endsWith("/b"))
                .map(status -> status.version(origin.mountId()))
                .collect(Collectors.toSet());
    }

    private void requireAll(OpenCatalog open) throws IOException {
        Map<String, Entry> tree = open.walk();
        Set<FileVersion> files = tree.values().stream()
                .filter(FileEntry.class::isInstance)
                .map(entry -> ((FileEntry) entry).version())
                .collect(Collectors.toSet());
        assertThat(files).isEqualTo(reachable());
        for (Entry entry : tree.values()) {
            assertThat(open.catalog.entry(entry.id())).contains(entry);
        }
        long bytes = files.stream().mapToLong(FileVersion::lengthBytes).sum();
        assertThat(open.catalog.totals())
                .isEqualTo(new NamespaceTotals(files.size(), tree.size() - files.size(), bytes));
    }

    @Test
    void an_interleaved_tree_is_imported_whole() throws IOException {
        fill("");
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            CatalogMount mount = open.mountListed(origin);
            requireAll(open);
            assertThat(open.catalog.unreachable().count()).isEqualTo(TREES);
            for (int i = 0; i < TREES; i += 3) {
                origin.remove("d" + i + "/a");
                origin.put("d" + i + "/zz", 6);
            }
            fill("later/");
            open.relist(mount);
            requireAll(open);
        }
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            requireAll(open);
        }
    }

    @Test
    void a_large_directory_that_is_not_new_is_imported_whole() throws IOException {
        origin.put("first", 1);
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            CatalogMount mount = open.mountListed(origin);
            for (int i = 0; i < 3 * TREES; i++) {
                origin.put("name-" + i, i);
            }
            fill("");
            open.relist(mount);
            requireAll(open);
        }
    }

    @Test
    void names_in_a_directory_that_a_reader_saw_are_told() throws IOException {
        origin.put("seen/first", 1);
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            CatalogMount mount = open.mount(origin);
            long seen = open.find("seen").orElseThrow().id();
            assertThat(open.list(seen)).containsExactly("first");
            List<NamespaceChange> changes = new CopyOnWriteArrayList<>();
            try (Namespace.Subscription subscription = open.catalog.subscribe(changes::add)) {
                origin.put("seen/second", 1).put("unseen/x", 1);
                open.relist(mount);
                await().until(() -> changes.size() >= 2);
            }
            assertThat(changes)
                    .extracting(
                            change -> ((NamespaceChange.OfName) change).name().toString())
                    .containsExactly("second", "unseen");
            assertThat(open.find("unseen/x")).map(Entry::name).hasToString("Optional[x]");
        }
    }

    @Test
    void names_that_a_question_finds_first_are_not_told_and_later_ones_are() throws IOException {
        origin.put("d/first", 1);
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            List<NamespaceChange> changes = new CopyOnWriteArrayList<>();
            try (Namespace.Subscription subscription = open.catalog.subscribe(changes::add)) {
                long d = open.find("d").orElseThrow().id();
                assertThat(open.list(d)).containsExactly("first");
                origin.put("d/second", 1);
                open.clock.advance(MountSettings.defaults().staleness());
                assertThat(open.list(d)).containsExactly("first", "second");
                await().until(() -> changes.size() >= 2);
            }
            assertThat(changes)
                    .extracting(
                            change -> ((NamespaceChange.OfName) change).name().toString())
                    .containsExactly("d", "second");
        }
    }

    @Test
    void names_are_told_where_an_earlier_process_may_have_answered() throws IOException {
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            assertThat(open.list(Namespace.ROOT_ID)).isEmpty();
        }
        origin.put("new", 1);
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            List<NamespaceChange> changes = new CopyOnWriteArrayList<>();
            try (Namespace.Subscription subscription = open.catalog.subscribe(changes::add)) {
                assertThat(open.list(Namespace.ROOT_ID)).containsExactly("new");
                await().until(() -> !changes.isEmpty());
            }
            assertThat(changes)
                    .extracting(
                            change -> ((NamespaceChange.OfName) change).name().toString())
                    .containsExactly("new");
        }
    }

    @Test
    void a_large_directory_that_a_reader_asks_for_first_is_imported_as_table_files() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            origin.put("d/" + i, 1);
        }
        List<String> reached = new CopyOnWriteArrayList<>();
        try (OpenCatalog open = new OpenCatalog(directory, new SetClock(), reached::add)) {
            open.mount(origin);
            long d = open.find("d").orElseThrow().id();
            assertThat(open.list(d)).hasSize(10_000);
            assertThat(reached).filteredOn("catalog.import.ingested"::equals).hasSize(2);
            assertThat(open.catalog.totals()).isEqualTo(new NamespaceTotals(10_000, 1, 10_000));
            open.background.runListing();
            requireAll(open);
        }
    }

    @Test
    void a_reader_in_the_midst_of_a_first_listing_ends_its_short_way_into_the_mounts_directory() throws IOException {
        for (int i = 0; i < 3 * TREES; i++) {
            origin.put("name-" + (10_000 + i), i);
        }
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            List<List<String>> seen = new CopyOnWriteArrayList<>();
            origin.beforeEachPage(request -> {
                if (request.recursive()) {
                    open.clock.advance(Duration.ofSeconds(2));
                    if (request.continuation().isPresent() && seen.isEmpty()) {
                        seen.add(open.list(Namespace.ROOT_ID));
                    }
                }
            });
            open.background.runListing();
            assertThat(seen).hasSize(1);
            assertThat(seen.getFirst()).hasSize(3 * TREES);
            requireAll(open);
        }
    }

    @Test
    void an_origin_that_is_mounted_into_a_first_listing_stays_there() throws IOException {
        for (int i = 0; i < 3 * TREES; i++) {
            origin.put("name-" + (10_000 + i), i);
        }
        origin.put("place", 1);
        FakeOrigin inner = new FakeOrigin("s3://inner", 10).put("x", 1);
        try (OpenCatalog open = OpenCatalog.open(directory)) {
            open.mount(origin);
            origin.beforeEachPage(request -> {
                open.clock.advance(MountSettings.defaults().staleness());
                if (request.continuation().isPresent() && open.catalog.mounts().size() == 1) {
                    open.catalog.mount("place", inner, MountSettings.defaults());
                }
            });
            open.background.runListing();
            assertThat(open.find("place/x")).isPresent();
            assertThat(open.catalog.unreachable().named())
                    .extracting(key -> key.key().toString())
                    .containsExactly("place");
        }
    }
}
