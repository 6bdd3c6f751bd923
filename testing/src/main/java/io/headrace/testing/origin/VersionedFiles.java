package io.headrace.testing.origin;

import io.headrace.testing.SeededBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files whose every byte follows from number, version and offset. The first eight bytes are the version (little endian), so
 * that a reader learns from a file alone what it has open.
 */
public record VersionedFiles(long seed, int count, int lengthBytes) {
    public static final int HEADER_BYTES = 8;

    private static final ValueLayout.OfLong VERSION =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Pattern NAME = Pattern.compile("file-(\\d{1,6})\\.bin");
    private static final long FILE_STEP = 0x9E3779B97F4A7C15L;
    private static final long VERSION_STEP = 0xC2B2AE3D27D4EB4FL;

    public static String name(int file) {
        return "file-" + file + ".bin";
    }

    public OptionalInt number(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) >= count) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(matcher.group(1)));
    }

    public static long version(MemorySegment header) {
        return header.get(VERSION, 0);
    }

    /** @param offset 0, or at least that of the first byte behind the version */
    public void fill(MemorySegment target, int file, long version, long offset) {
        content(file, version).fill(target, offset);
        if (offset < HEADER_BYTES) {
            byte[] header = header(version);
            for (long at = offset; at < Math.min(HEADER_BYTES, offset + target.byteSize()); at++) {
                target.set(ValueLayout.JAVA_BYTE, at - offset, header[(int) at]);
            }
        }
    }

    /** @param offset behind the version */
    public OptionalLong firstWrong(MemorySegment bytes, int file, long version, long offset) {
        return content(file, version).firstWrong(bytes, offset);
    }

    private SeededBytes content(int file, long version) {
        return new SeededBytes(seed + (file + 1) * FILE_STEP + version * VERSION_STEP);
    }

    private static byte[] header(long version) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[HEADER_BYTES]);
        bytes.set(VERSION, 0, version);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
}
