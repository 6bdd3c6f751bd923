package io.headrace.protocol;

/**
 * How a file is cut into blocks: the unit of placement, fetch, residency, eviction and checksum. Every block has
 * {@link #BLOCK_BYTES} but the last, which ends with the file. Block {@code i} starts at {@code i * BLOCK_BYTES}.
 */
public final class Blocks {
    /** 4 MiB: a multiple of the 2 MiB PMD page, so that a block written whole gets huge page-cache folios. */
    public static final int BLOCK_BYTES = 4 << 20;

    private Blocks() {}

    /** How many blocks a file of this length has; 0 for an empty file. */
    public static int count(long fileLengthBytes) {
        return Math.toIntExact(Math.ceilDiv(fileLengthBytes, BLOCK_BYTES));
    }

    public static int indexAt(long offset) {
        return Math.toIntExact(offset / BLOCK_BYTES);
    }

    /** The bytes of block {@code index} in a file of this length. */
    public static ByteRange range(int index, long fileLengthBytes) {
        long start = (long) index * BLOCK_BYTES;
        return ByteRange.between(start, Math.min(start + BLOCK_BYTES, fileLengthBytes));
    }
}
