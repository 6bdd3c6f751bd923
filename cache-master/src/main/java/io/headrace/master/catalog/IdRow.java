package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What the tables hold of an id: where its row is, and of a file the row too, which stays the same for as long as the id leads
 * to it. As bytes the place; of a file, {@link #END_OF_PLACE} and the row behind it. Catalogs of the first format hold places alone.
 */
record IdRow(RowPlace place, Optional<Row> file) {
    /** No name has it. */
    static final byte END_OF_PLACE = 0;

    static byte[] encode(byte[] place, byte[] fileRow) {
        return ByteBuffer.allocate(place.length + 1 + fileRow.length)
                .put(place)
                .put(END_OF_PLACE)
                .put(fileRow)
                .array();
    }

    /** @throws IOException when what follows the place is no row */
    static IdRow decode(byte[] bytes) throws IOException {
        int end = endOfPlace(bytes);
        if (end == bytes.length) {
            return new IdRow(RowPlace.decode(bytes, end), Optional.empty());
        }
        return new IdRow(RowPlace.decode(bytes, end), Optional.of(RowCodec.decode(bytes, end + 1)));
    }

    private static int endOfPlace(byte[] bytes) {
        int end = Long.BYTES;
        while (end < bytes.length && bytes[end] != END_OF_PLACE) {
            end++;
        }
        return end;
    }
}
