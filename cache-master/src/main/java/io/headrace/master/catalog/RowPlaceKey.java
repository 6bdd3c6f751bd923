package io.headrace.master.catalog;

import java.util.Arrays;

/** A row's place as bytes, in the order of the table. */
final class RowPlaceKey implements Comparable<RowPlaceKey> {
    private final byte[] bytes;

    /** The bytes are not copied, and stay as they are. */
    RowPlaceKey(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(RowPlaceKey that) {
        return Arrays.compareUnsigned(bytes, that.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowPlaceKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
