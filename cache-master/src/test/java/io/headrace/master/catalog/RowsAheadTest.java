package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three directories of names, of which every third has a row. */
final class RowsAheadTest {
    private static final int NAMES = 6000;

    @TempDir
    Path directory;

    private CatalogHome home;
    private CatalogTables tables;

    @BeforeEach
    void fill() throws IOException {
        home = CatalogHome.open(directory);
        tables = CatalogTables.open(home, 1 << 20);
        try (CatalogTables.Batch batch = tables.batch()) {
            for (long parent = 7; parent <= 9; parent++) {
                for (int number = 0; number < NAMES; number += 3) {
                    batch.putRow(place(parent, number), row(parent, number));
                }
            }
            tables.write(batch);
        }
    }

    @AfterEach
    void close() throws IOException {
        tables.close();
        home.close();
    }

    private static byte[] place(long parent, int number) {
        return RowPlace.encode(parent, Bytes.utf8("%06d".formatted(number)));
    }

    private static byte[] row(long parent, int number) {
        return RowCodec.encode(new DirectoryRow(parent * NAMES + number, 1, Instant.EPOCH, true, false));
    }

    private static void requireRow(RowsAhead rows, long parent, int number) throws IOException {
        Optional<byte[]> found = rows.row(place(parent, number));
        assertThat(found.isPresent()).as("%d/%d", parent, number).isEqualTo(number % 3 == 0);
        if (found.isPresent()) {
            assertThat(found.get()).isEqualTo(row(parent, number));
        }
    }

    @Test
    void finds_each_row_in_order_of_three_directories() throws IOException {
        RowsAhead rows = new RowsAhead(tables);
        for (long parent = 7; parent <= 9; parent++) {
            for (int number = 0; number < NAMES; number++) {
                requireRow(rows, parent, number);
            }
        }
    }

    @Test
    void finds_each_row_in_any_order() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RowsAhead rows = new RowsAhead(tables);
        for (int round = 0; round < 300; round++) {
            List<Integer> numbers = new ArrayList<>();
            int from = random.nextInt(NAMES);
            for (int i = 0; i < 20; i++) {
                numbers.add(random.nextInt(10) == 0 ? random.nextInt(NAMES) : Math.min(from + i, NAMES));
            }
            long parent = 7L + random.nextInt(3);
            for (int number : numbers) {
                try {
                    requireRow(rows, parent, number == NAMES ? NAMES - 1 : number);
                } catch (AssertionError e) {
                    throw new AssertionError("with seed " + seed + " after " + Arrays.toString(numbers.toArray()), e);
                }
            }
        }
    }

    @Test
    void rows_in_order_are_read_once_and_not_searched_for() throws IOException {
        RowsAhead rows = new RowsAhead(tables);
        requireRow(rows, 8, 0);
        requireRow(rows, 8, 1);
        requireRow(rows, 8, 2);
        try (CatalogTables.Batch batch = tables.batch()) {
            batch.deleteRow(place(8, 3));
            tables.write(batch);
        }
        requireRow(rows, 8, 3);
        assertThat(new RowsAhead(tables).row(place(8, 3))).isEmpty();
    }
}
