package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class CatalogTest extends OneOpenCatalog {
    private void reopen() throws IOException {
        open.close();
        open = new OpenCatalog(directory, open.clock, FaultPoints.NONE);
    }

    @Test
    void finds_a_name_before_anything_was_listed() throws IOException {
        origin.put("a/b/model.bin", 7).put("other", 1);
        open.mount(origin);

        assertThat(open.find("a/b/model.bin")).get().isInstanceOfSatisfying(FileEntry.class, file -> {
            assertThat(file.version().lengthBytes()).isEqualTo(7);
            assertThat(file.version().key()).isEqualTo(ObjectKey.of("a/b/model.bin"));
            assertThat(file.version().mount()).isEqualTo(origin.mountId());
        });
        assertThat(origin.requests()).isEqualTo(3);
    }

    @Test
    void finds_a_name_in_a_large_directory_without_listing_all_of_it() throws IOException {
        for (int i = 0; i < 200; i++) {
            origin.put("big/" + String.format("%03d", i), i);
        }
        open.mount(origin);

        assertThat(open.find("big/150")).isPresent();
        assertThat(open.find("big/151")).isPresent();
        assertThat(open.find("big/missing")).isEmpty();
        assertThat(origin.requests()).isLessThanOrEqualTo(6);
    }

    @Test
    void a_first_listing_is_imported_as_table_files_wherever_the_mount_is() throws IOException {
        FakeOrigin wide = new FakeOrigin("s3://wide", 5000);
        for (int i = 0; i < 40_000; i++) {
            wide.put("d" + i / 100 + "/" + i, 1);
        }
        open.close();
        List<String> reached = new CopyOnWriteArrayList<>();
        open = new OpenCatalog(directory, open.clock, reached::add);
        open.catalog.mount("sets/wide", wide, MountSettings.defaults());
        reached.clear();
        open.background.runListing();

        assertThat(reached).filteredOn("catalog.import.ingested"::equals).hasSize(2);
        assertThat(open.catalog.totals().files()).isEqualTo(40_000);
        assertThat(open.find("sets/wide/d399/39999")).isPresent();
    }

    @Test
    void a_warm_lookup_asks_the_origin_nothing() throws IOException {
        origin.put("a/x", 1).put("a/y", 2);
        open.mountListed(origin);
        int before = origin.requests();

        assertThat(open.find("a/x")).isPresent();
        assertThat(open.find("a/none")).isEmpty();
        assertThat(open.list(open.find("a").orElseThrow().id())).containsExactly("x", "y");
        assertThat(origin.requests()).isEqualTo(before);
    }

    @Test
    void a_directory_in_use_is_refreshed_before_the_bound() throws IOException {
        origin.put("d/a", 1);
        open.mountListed(origin);
        long d = open.find("d").orElseThrow().id();
        origin.put("d/b", 1);
        open.clock.advance(BOUND.dividedBy(2).plusSeconds(1));

        assertThat(open.list(d)).containsExactly("a");
        open.background.runRefreshes();
        assertThat(open.list(d)).containsExactly("a", "b");
    }

    @Test
    void a_directory_behind_the_first_listing_is_listed_before_that_ends() throws IOException {
        for (int i = 0; i < 30; i++) {
            origin.put("a/" + (10 + i), 1).put("b/" + (10 + i), 1);
        }
        open.mount(origin);
        int[] asked = new int[1];
        List<List<String>> seen = new CopyOnWriteArrayList<>();
        origin.beforeEachPage(request -> {
            open.clock.advance(Duration.ofSeconds(2));
            if (!request.recursive()) {
                asked[0]++;
            } else if (origin.lists.get() == 6) {
                seen.add(open.list(open.catalog
                        .lookup(Namespace.ROOT_ID, EntryName.of("a"))
                        .orElseThrow()
                        .id()));
            }
        });
        open.background.runListing();
        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst()).hasSize(30);
        assertThat(asked[0])
                .as("requests for the root, whose names are not all known yet")
                .isEqualTo(1);
    }

    @Test
    void totals_grow_while_the_first_listing_runs() throws IOException {
        for (int i = 0; i < 30; i++) {
            origin.put("d/" + (10 + i), 2);
        }
        CatalogMount mount = open.mount(origin);
        long[] most = new long[1];
        origin.beforeEachPage(request -> {
            most[0] = Math.max(most[0], open.catalog.totals().files());
            open.clock.advance(Duration.ofSeconds(2));
        });
        open.background.runListing();
        assertThat(most[0]).isBetween(10L, 29L);
        assertThat(open.catalog.totals()).isEqualTo(new Namespace.NamespaceTotals(30, 1, 60));
        assertThat(mount.status().listedAt()).isPresent();
        assertThat(open.catalog.generation()).isEqualTo(1);
    }

    @Test
    void several_origins_show_in_one_tree() throws IOException {
        FakeOrigin second = new FakeOrigin("s3://data", 10).put("x", 5);
        origin.put("a", 1).put("sets/hidden", 1);
        open.mountListed(origin);
        open.catalog.mount("sets/first", second, MountSettings.defaults());
        open.background.runListing();

        assertThat(open.walk().keySet()).containsExactly("a", "sets", "sets/first", "sets/first/x");
        FileEntry file = (FileEntry) open.find("sets/first/x").orElseThrow();
        assertThat(second.head(ObjectKey.of("x")).map(status -> status.version(second.mountId())))
                .contains(file.version());
        open.clock.advance(BOUND);
        assertThat(open.walk().keySet()).containsExactly("a", "sets", "sets/first", "sets/first/x");
        assertThat(open.catalog.unreachable().named()).isNotEmpty();
        reopen();
        open.catalog.mount("sets/first", second, MountSettings.defaults());
        assertThat(open.walk().keySet()).containsExactly("sets", "sets/first", "sets/first/x");
        assertThat(open.find("sets/first/x")).contains(file);
    }

    @Test
    void another_origin_at_the_same_place_shows_nothing_of_the_first() throws IOException {
        origin.put("a", 1).put("d/x", 1);
        open.mountListed(origin);
        reopen();
        open.mountListed(new FakeOrigin("s3://second", 10).put("d/y", 1));
        assertThat(open.walk().keySet()).containsExactly("d", "d/y");
        assertThat(open.catalog.totals().files()).isEqualTo(1);
    }

    @Test
    void a_second_owner_is_refused() {
        assertThatThrownBy(() -> OpenCatalog.open(directory)).hasMessageContaining("is in use by process");
    }

    @Test
    void a_foreign_directory_is_refused() throws IOException {
        Path foreign = Files.createDirectory(directory.resolveSibling(directory.getFileName() + "-foreign"));
        Files.writeString(foreign.resolve("thesis.tex"), "x");
        assertThatThrownBy(() -> OpenCatalog.open(foreign)).hasMessageContaining("thesis.tex");
        Files.delete(foreign.resolve("thesis.tex"));
        Files.writeString(foreign.resolve("FORMAT"), "headrace-catalog 99\n");
        assertThatThrownBy(() -> OpenCatalog.open(foreign)).hasMessageContaining("headrace-catalog 99");
        Files.delete(foreign.resolve("FORMAT"));
        try (var rest = Files.list(foreign)) {
            for (Path left : rest.toList()) {
                Files.delete(left);
            }
        }
        Files.delete(foreign);
    }

    @Test
    void a_damaged_catalog_is_built_again_and_repeats_no_id() throws IOException {
        origin.put("a", 1);
        open.mountListed(origin);
        long before = open.find("a").orElseThrow().id();
        open.close();
        try (var files = Files.list(directory.resolve("names"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                    .toList()) {
                Files.writeString(file, "not a manifest at all, but long enough to be read as one");
            }
        }
        open.clock.advance(Duration.ofSeconds(1));
        open = new OpenCatalog(directory, open.clock, FaultPoints.NONE);
        open.mountListed(origin);
        assertThat(open.find("a").orElseThrow().id()).isGreaterThan(before);
    }
}
