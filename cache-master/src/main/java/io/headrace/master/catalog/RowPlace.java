package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where a row is: its directory's id and its name. As bytes, the id in eight bytes and then the name. */
record RowPlace(long directoryId, EntryName name) {
    byte[] encode() {
        return encode(directoryId, name.bytes());
    }

    static byte[] encode(long directoryId, Bytes name) {
        return ByteBuffer.allocate(Long.BYTES + name.length())
                .putLong(directoryId)
                .put(name.asByteBuffer())
                .array();
    }

    /** The least place behind this one. */
    static byte[] behind(byte[] place) {
        return Arrays.copyOf(place, place.length + 1);
    }

    static RowPlace decode(byte[] bytes) {
        return new RowPlace(
                ByteBuffer.wrap(bytes).getLong(), new EntryName(Bytes.copyOf(bytes, Long.BYTES, bytes.length)));
    }
}
