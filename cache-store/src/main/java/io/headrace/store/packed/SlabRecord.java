package io.headrace.store.packed;

import io.headrace.protocol.MountId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What the index tells of a slab.
 *
 * @param mount all its files are of this one
 * @param bytes that count as used, or {@link #UNCOUNTED}
 */
record SlabRecord(long number, MountId mount, long bytes, long files) {
    /** It changed since the store was opened; what lies in it tells. */
    static final long UNCOUNTED = -1;

    private static final long GOING = -2;
    private static final int ENCODED_BYTES = 24;

    static SlabRecord uncounted(long number, MountId mount) {
        return new SlabRecord(number, mount, UNCOUNTED, UNCOUNTED);
    }

    /** It is being dropped. */
    static SlabRecord going(long number, MountId mount) {
        return new SlabRecord(number, mount, GOING, GOING);
    }

    boolean isGoing() {
        return bytes == GOING;
    }

    byte[] encode() {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .putLong(HexFormat.fromHexDigitsToLong(mount.value()))
                .putLong(bytes)
                .putLong(files)
                .array();
    }

    static SlabRecord decode(long number, byte[] bytes) throws IOException {
        if (bytes.length != ENCODED_BYTES) {
            throw new IOException("the index of small files holds a damaged slab");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        MountId mount = new MountId(HexFormat.of().toHexDigits(buffer.getLong()));
        return new SlabRecord(number, mount, buffer.getLong(), buffer.getLong());
    }
}
