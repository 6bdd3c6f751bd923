package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileJoinTest {
    private static final int MOST_FILES = 4;
    private static final int ROWS = 100;

    @TempDir
    Path folder;

    @Test
    void many_small_imports_become_one_file_and_every_row_is_there() throws IOException {
        try (CatalogHome home = CatalogHome.open(folder.resolve("catalog"));
                CatalogTables tables = CatalogTables.open(home, 1 << 20, MOST_FILES)) {
            imports(tables, 0, MOST_FILES);
            tables.joinImports();
            assertThat(tables.importedFiles()).as("few stay").isEqualTo(MOST_FILES);

            imports(tables, MOST_FILES, MOST_FILES + 1);
            tables.joinImports();

            assertThat(tables.importedFiles()).isEqualTo(1);
            for (int i = 0; i < (MOST_FILES + 1) * ROWS; i++) {
                assertThat(tables.name(place(i))).as("row " + i).isPresent();
                assertThat(tables.placeOf(id(i))).as("id " + i).isPresent();
            }
        }
    }

    private static void imports(CatalogTables tables, int from, int to) throws IOException {
        for (int file = from; file < to; file++) {
            NewFiles files = new NewFiles();
            for (int i = file * ROWS; i < (file + 1) * ROWS; i++) {
                assertThat(files.add(place(i), new FileRow(id(i), 1, i, Instant.EPOCH, new EntityTag("\"" + i + "\""))))
                        .isTrue();
            }
            tables.ingest(files, () -> {});
        }
    }

    private static long id(int i) {
        return 1000L + i;
    }

    private static byte[] place(int i) {
        return RowPlace.encode(1, Bytes.utf8(String.format("%08d", i)));
    }
}
