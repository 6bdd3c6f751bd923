package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Entry;
import io.headrace.protocol.FaultPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the tables hold by id, now and in the first format. */
final class CatalogFormatTest extends OneOpenCatalog {
    private static final int IMPORTED = 5000;
    private static final int ALL_ROWS = 10_000;

    @Test
    void an_id_holds_the_row_of_a_file_and_of_a_directory_the_place() throws IOException {
        origin.put("d/one", 1);
        CatalogMount mount = open.mountListed(origin);
        for (int i = 0; i < IMPORTED; i++) {
            origin.put(String.format("many/%05d", i), i);
        }
        open.relist(mount);
        assertThat(open.walk()).hasSize(IMPORTED + 3);
        open.close();
        try (CatalogHome home = CatalogHome.open(directory);
                CatalogTables tables = CatalogTables.open(home, 1 << 20)) {
            assertThat(tables.importedFiles()).as("the many were imported").isPositive();
            for (PlacedRow placed : tables.rows(new byte[0], ALL_ROWS)) {
                Optional<Row> file = Optional.of(placed.row()).filter(Row.FileRow.class::isInstance);
                assertThat(tables.id(placed.row().id())).contains(new IdRow(placed.place(), file));
            }
        }
        open = new OpenCatalog(directory, open.clock, FaultPoints.NONE);
    }

    @Test
    void a_catalog_of_the_first_format_is_read_and_goes_on_as_one_of_this() throws IOException {
        origin.put("a", 1).put("d/x", 2).put("d/y", 3);
        open.mountListed(origin);
        Map<String, Entry> before = open.walk();
        Entry old = open.find("d/x").orElseThrow();
        Entry same = open.find("d/y").orElseThrow();
        open.close();
        becomesOfTheFirstFormat();

        open = new OpenCatalog(directory, open.clock, FaultPoints.NONE);
        CatalogMount mount = open.mount(origin);
        assertThat(open.walk()).isEqualTo(before);
        for (Entry entry : before.values()) {
            assertThat(open.catalog.entry(entry.id())).contains(entry);
        }
        assertThat(Files.readString(directory.resolve("FORMAT"))).isEqualTo(CatalogHome.FORMAT + "\n");

        origin.put("d/x", 4);
        open.relist(mount);
        Entry replaced = open.find("d/x").orElseThrow();
        assertThat(open.catalog.entry(replaced.id())).contains(replaced);
        assertThat(open.catalog.entry(old.id())).isEmpty();
        assertThat(open.catalog.entry(same.id())).contains(same);
    }

    private void becomesOfTheFirstFormat() throws IOException {
        Path format = directory.resolve("FORMAT");
        try (CatalogHome home = CatalogHome.open(directory);
                CatalogTables tables = CatalogTables.open(home, 1 << 20);
                CatalogTables.Batch batch = tables.batch()) {
            for (PlacedRow placed : tables.rows(new byte[0], ALL_ROWS)) {
                batch.putId(placed.row().id(), placed.place().encode());
            }
            tables.write(batch);
        }
        Files.writeString(format, CatalogHome.FIRST_FORMAT + "\n");
    }
}
