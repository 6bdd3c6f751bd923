package io.headrace.store;

import java.lang.foreign.MemorySegment;

/**
 * A block on its way into a tier.
 *
 * @param bytes all of it; valid as long as the call that it is passed to
 * @param crc CRC32C of the bytes
 * @param heldAbove whether a faster tier has room for all of its file, so that the page cache need not hold it too
 */
record BlockBytes(int index, MemorySegment bytes, int crc, boolean heldAbove) {
    long size() {
        return bytes.byteSize();
    }
}
