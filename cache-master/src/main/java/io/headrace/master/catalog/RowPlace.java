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
        byte[] place = new byte[Long.BYTES + name.length()];
        ByteBuffer.wrap(place).putLong(directoryId);
        name.copyTo(place, Long.BYTES, 0);
        return place;
    }

    /** The least place behind this one. */
    static byte[] behind(byte[] place) {
        return Arrays.copyOf(place, place.length + 1);
    }

    static RowPlace decode(byte[] bytes) {
        return decode(bytes, bytes.length);
    }

    /** Of the first {@code length} bytes. */
    static RowPlace decode(byte[] bytes, int length) {
        return new RowPlace(ByteBuffer.wrap(bytes).getLong(), new EntryName(Bytes.copyOf(bytes, Long.BYTES, length)));
    }
}
