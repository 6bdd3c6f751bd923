package io.headrace.master.catalog;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads rows by their places. Who asks for a directory's names in order, as a listing does, gets them from one pass over
 * the rows instead of a search for each. For as long as nobody else writes; not thread-safe.
 */
final class RowsAhead {
    private static final int FIRST_ROWS = 32;
    private static final int MOST_ROWS = 1024;
    /** As many questions in a row must be in order before more is read than was asked for. */
    private static final int IN_ORDER = 2;

    private final CatalogTables tables;
    private byte[] asked = new byte[0];
    private int inOrder;
    private int limit = FIRST_ROWS;

    /** All rows from {@code from} on up to the last of them, or to the directory's end. */
    private List<StoredRow> ahead = List.of();

    private byte[] from = new byte[0];
    private boolean toTheEnd;
    private int next;

    RowsAhead(CatalogTables tables) {
        this.tables = tables;
    }

    /** What the tables hold at this place, as bytes. */
    Optional<byte[]> row(byte[] place) throws IOException {
        boolean follows = isSameDirectory(asked, place) && Arrays.compareUnsigned(asked, place) <= 0;
        inOrder = follows ? inOrder + 1 : 0;
        asked = place;
        if (isRead(place)) {
            return find(place);
        }
        if (inOrder < IN_ORDER) {
            limit = FIRST_ROWS;
            return tables.name(place);
        }
        read(place);
        return find(place);
    }

    private void read(byte[] place) throws IOException {
        ahead = tables.rowsInside(place, limit);
        from = place;
        toTheEnd = ahead.size() < limit;
        next = 0;
        limit = Math.min(4 * limit, MOST_ROWS);
    }

    private boolean isRead(byte[] place) {
        return isSameDirectory(from, place)
                && Arrays.compareUnsigned(from, place) <= 0
                && (toTheEnd || Arrays.compareUnsigned(place, ahead.getLast().place()) <= 0);
    }

    private Optional<byte[]> find(byte[] place) {
        if (next > 0 && Arrays.compareUnsigned(ahead.get(next - 1).place(), place) >= 0) {
            next = 0;
        }
        for (; next < ahead.size(); next++) {
            int order = Arrays.compareUnsigned(ahead.get(next).place(), place);
            if (order >= 0) {
                return order == 0 ? Optional.of(ahead.get(next).row()) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isSameDirectory(byte[] a, byte[] b) {
        return a.length >= Long.BYTES && Arrays.equals(a, 0, Long.BYTES, b, 0, Long.BYTES);
    }
}
