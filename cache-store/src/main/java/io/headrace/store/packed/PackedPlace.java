package io.headrace.store.packed;

import java.nio.ByteBuffer;

/** Where a small file lies. */
public record PackedPlace(long slab, int offset, int length, int crc) {
    static final int ENCODED_BYTES = 20;

    void encode(ByteBuffer into) {
        into.putLong(slab).putInt(offset).putInt(length).putInt(crc);
    }

    static PackedPlace decode(ByteBuffer from) {
        return new PackedPlace(from.getLong(), from.getInt(), from.getInt(), from.getInt());
    }
}
