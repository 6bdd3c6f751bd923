package io.headrace.store.packed;

import io.headrace.protocol.MountId;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What the index tells of a slab.
 *
 * @param mount all its files are of this one
 * @param bytes that count as used, or {@link #UNCOUNTED}
 * @param length of its file when it was counted
 */
record SlabRecord(long number, MountId mount, long bytes, long files, long length) {
    /** It changed since the store was opened; what lies in it tells. */
    static final long UNCOUNTED = -1;

    private static final long GOING = -2;
    private static final int ENCODED_BYTES = 32;
    /** It says no length. */
    private static final int OLDER_BYTES = 24;

    private static final MountId NOBODY = new MountId("0".repeat(16));

    static SlabRecord uncounted(long number, MountId mount) {
        return new SlabRecord(number, mount, UNCOUNTED, UNCOUNTED, UNCOUNTED);
    }

    /** It is being dropped. */
    static SlabRecord going(long number, MountId mount) {
        return new SlabRecord(number, mount, GOING, GOING, GOING);
    }

    boolean isGoing() {
        return bytes == GOING;
    }

    /** Whether it may have been counted so when its file had this length. */
    boolean fits(int slabBytes) {
        return length == slabBytes && bytes > 0 && bytes <= slabBytes && files > 0 && files <= slabBytes;
    }

    byte[] encode() {
        return ByteBuffer.allocate(ENCODED_BYTES)
                .putLong(HexFormat.fromHexDigitsToLong(mount.value()))
                .putLong(bytes)
                .putLong(files)
                .putLong(length)
                .array();
    }

    /** A slab whose record is damaged is to be dropped, since nobody knows whose it is; an older one is counted again. */
    static SlabRecord decode(long number, byte[] bytes) {
        if (bytes.length != ENCODED_BYTES && bytes.length != OLDER_BYTES) {
            return going(number, NOBODY);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        MountId mount = new MountId(HexFormat.of().toHexDigits(buffer.getLong()));
        return new SlabRecord(
                number,
                mount,
                buffer.getLong(),
                buffer.getLong(),
                buffer.hasRemaining() ? buffer.getLong() : UNCOUNTED);
    }
}
