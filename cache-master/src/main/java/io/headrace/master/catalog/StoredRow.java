package io.headrace.master.catalog;

/** A row as the tables hold it. The bytes are not copied, and stay as they are. */
final class StoredRow {
    private final byte[] place;
    private final byte[] row;

    StoredRow(byte[] place, byte[] row) {
        this.place = place;
        this.row = row;
    }

    byte[] place() {
        return place;
    }

    byte[] row() {
        return row;
    }
}
