package io.headrace.master.catalog;

import java.util.Arrays;

/** Bytes that are written one behind the other, and grow as they need. Not thread-safe. */
final class RowBytes {
    private byte[] bytes;
    private int length;

    RowBytes(int capacity) {
        this.bytes = new byte[capacity];
    }

    int length() {
        return length;
    }

    /** What is written, and more behind it; until more is written, without a copy. */
    byte[] array() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    void put(int value) {
        require(1);
        bytes[length++] = (byte) value;
    }

    void put(byte[] values) {
        int at = grow(values.length);
        System.arraycopy(values, 0, bytes, at, values.length);
    }

    /** Eight bytes, the highest first. */
    void putLong(long value) {
        int at = grow(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[at++] = (byte) (value >>> shift);
        }
    }

    /** Seven bits a byte, the lowest first; the last byte is not negative. */
    void putNumber(long value) {
        require(Long.BYTES + 2);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** Makes room for bytes that the caller writes into {@link #array}; returns where. */
    int grow(int count) {
        require(count);
        int at = length;
        length += count;
        return at;
    }

    /** Forgets what was written from here on. */
    void cut(int from) {
        length = from;
    }

    private void require(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
