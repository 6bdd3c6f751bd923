package io.headrace.store.packed;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a small file lies. */
public record PackedPlace(long slab, int offset, int length, int crc) {
    private static final int ENCODED_BYTES = 20;

    byte[] encode() {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .putLong(slab)
                .putInt(offset)
                .putInt(length)
                .putInt(crc)
                .array();
    }

    static PackedPlace decode(byte[] bytes) throws IOException {
        if (bytes.length != ENCODED_BYTES) {
            throw new IOException("the index of small files holds a damaged place");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new PackedPlace(buffer.getLong(), buffer.getInt(), buffer.getInt(), buffer.getInt());
    }
}
