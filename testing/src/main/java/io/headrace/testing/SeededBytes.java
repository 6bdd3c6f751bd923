package io.headrace.testing;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.OptionalLong;

/**
 * An endless file whose every byte follows from a seed and its offset, so that any range of it can be checked alone. The
 * little-endian 8-byte word at offset {@code 8 i} is the {@code i}-th output of SplitMix64 (Steele, Lea, Flood: Fast
 * Splittable Pseudorandom Number Generators, 2014).
 */
public record SeededBytes(long seed) {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int WRITE_BYTES = 4 << 20;

    private long word(long index) {
        long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The byte at an offset. */
    public byte at(long offset) {
        return (byte) (word(offset >>> 3) >>> ((offset & 7) << 3));
    }

    /** Fills the segment with what begins at {@code offset}. */
    public void fill(MemorySegment target, long offset) {
        long at = 0;
        for (; at < target.byteSize() && ((offset + at) & 7) != 0; at++) {
            target.set(ValueLayout.JAVA_BYTE, at, at(offset + at));
        }
        long index = (offset + at) >>> 3;
        for (; at + 8 <= target.byteSize(); at += 8) {
            target.set(WORD, at, word(index++));
        }
        for (; at < target.byteSize(); at++) {
            target.set(ValueLayout.JAVA_BYTE, at, at(offset + at));
        }
    }

    /** The offset, of the endless file, of the first byte that is not what it should be. */
    public OptionalLong firstWrong(MemorySegment bytes, long offset) {
        long at = 0;
        for (; at < bytes.byteSize() && ((offset + at) & 7) != 0; at++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, at) != at(offset + at)) {
                return OptionalLong.of(offset + at);
            }
        }
        long index = (offset + at) >>> 3;
        while (at + 8 <= bytes.byteSize() && bytes.get(WORD, at) == word(index)) {
            at += 8;
            index++;
        }
        for (; at < bytes.byteSize(); at++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, at) != at(offset + at)) {
                return OptionalLong.of(offset + at);
            }
        }
        return OptionalLong.empty();
    }

    /** Writes the bytes {@code [offset, offset + length)} at the channel's position. */
    public void write(FileChannel target, long offset, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(WRITE_BYTES, Math.max(1, length)));
        for (long done = 0; done < length; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
            fill(MemorySegment.ofBuffer(buffer), offset + done);
            while (buffer.hasRemaining()) {
                done += target.write(buffer);
            }
        }
    }
}
