package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.VersionTag;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Rows as bytes: kind (1: bits 0-1 kind, 2 listed, 3 pinned), then as variable-length numbers id, mount, seconds and
 * nanoseconds of the modification, and for a file its length and tag. A tag is a kind byte and its value; the quoted MD5 that
 * object stores send, with or without a number of parts, takes 16 bytes.
 */
final class RowCodec {
    private static final int FILE = 1;
    private static final int DIRECTORY = 2;
    private static final int KIND_MASK = 3;
    private static final int LISTED = 4;
    private static final int PINNED = 8;

    private static final byte TEXT = 1;
    private static final byte MODIFICATION = 2;
    private static final byte MD5_LOWER = 3;
    private static final byte MD5_UPPER = 4;
    private static final byte MD5_PARTS_LOWER = 5;
    private static final byte MD5_PARTS_UPPER = 6;
    private static final int MD5_BYTES = 16;
    private static final int MD5_DIGITS = 32;
    private static final int MOST_PARTS_DIGITS = 9;
    private static final int USUAL_BYTES = 64;

    private static final int LOWER = 0x10;
    private static final int UPPER = 0x20;
    private static final int OTHER = 0x40;
    /** By character: its value in the low four bits, and which kind of letter it is. */
    private static final byte[] HEX = hexDigits();

    private RowCodec() {}

    static byte[] encode(Row row) {
        RowBytes out = new RowBytes(USUAL_BYTES);
        encode(row, out);
        return out.copy();
    }

    static void encode(Row row, RowBytes out) {
        switch (row) {
            case FileRow file -> {
                start(FILE, file, file.modified(), out);
                out.putNumber(file.lengthBytes());
                switch (file.tag()) {
                    case EntityTag(String value) -> putEntityTag(out, value);
                    case ModificationTag(long nanos, long fileId) -> {
                        out.put(MODIFICATION);
                        out.putLong(nanos);
                        out.putNumber(fileId);
                    }
                }
            }
            case DirectoryRow directory -> {
                int flags = DIRECTORY | (directory.listed() ? LISTED : 0) | (directory.pinned() ? PINNED : 0);
                start(flags, row, directory.modified(), out);
            }
        }
    }

    private static void start(int flags, Row row, Instant modified, RowBytes out) {
        out.put(flags);
        out.putNumber(row.id());
        out.putNumber(row.mount());
        out.putNumber(zigzag(modified.getEpochSecond()));
        out.putNumber(modified.getNano());
    }

    /** @throws IOException when these bytes do not start like a row */
    static RowHead decodeHead(byte[] bytes, int length) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        try {
            int flags = in.get();
            boolean directory = (flags & KIND_MASK) == DIRECTORY;
            long id = number(in);
            int mount = Math.toIntExact(number(in));
            return new RowHead(id, mount, directory, (flags & LISTED) != 0, (flags & PINNED) != 0);
        } catch (BufferUnderflowException | ArithmeticException | IllegalArgumentException e) {
            throw new IOException("the catalog holds a damaged row", e);
        }
    }

    /** @throws IOException when these bytes are no row */
    static Row decode(byte[] bytes) throws IOException {
        return decode(bytes, 0);
    }

    /** As {@link #decode(byte[])}, of the bytes from here on. */
    static Row decode(byte[] bytes, int from) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, bytes.length - from);
        try {
            int flags = in.get();
            long id = number(in);
            int mount = Math.toIntExact(number(in));
            long seconds = number(in);
            Instant modified = Instant.ofEpochSecond((seconds >>> 1) ^ -(seconds & 1), number(in));
            return switch (flags & KIND_MASK) {
                case FILE -> new FileRow(id, mount, number(in), modified, tag(in));
                case DIRECTORY -> new DirectoryRow(id, mount, modified, (flags & LISTED) != 0, (flags & PINNED) != 0);
                default -> throw new IOException("the catalog holds a row of unknown kind " + flags);
            };
        } catch (BufferUnderflowException | ArithmeticException | DateTimeException | IllegalArgumentException e) {
            throw new IOException("the catalog holds a damaged row", e);
        }
    }

    private static void putEntityTag(RowBytes out, String value) {
        int end = value.length() - 1;
        boolean quoted = end > MD5_DIGITS && value.charAt(0) == '"' && value.charAt(end) == '"';
        if (!quoted || !putDigest(out, value)) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            out.put(TEXT);
            out.putNumber(text.length);
            out.put(text);
        }
    }

    private static boolean putDigest(RowBytes out, String quoted) {
        // Characters that are not of Latin 1 become question marks, which are no digits.
        byte[] text = quoted.getBytes(StandardCharsets.ISO_8859_1);
        long parts = parts(quoted);
        int kind = out.grow(1 + MD5_BYTES);
        byte[] bytes = out.array();
        int letters = 0;
        for (int i = 1, at = kind + 1; i < MD5_DIGITS; i += 2, at++) {
            byte high = HEX[text[i] & 0xff];
            byte low = HEX[text[i + 1] & 0xff];
            letters |= high | low;
            bytes[at] = (byte) (high << 4 | (low & 0xf));
        }
        boolean upper = (letters & UPPER) != 0;
        if (parts < 0 || (letters & OTHER) != 0 || (upper && (letters & LOWER) != 0)) {
            out.cut(kind);
            return false;
        }
        byte whole = upper ? MD5_UPPER : MD5_LOWER;
        byte inParts = upper ? MD5_PARTS_UPPER : MD5_PARTS_LOWER;
        bytes[kind] = parts == 0 ? whole : inParts;
        if (parts > 0) {
            out.putNumber(parts);
        }
        return true;
    }

    private static byte[] hexDigits() {
        byte[] digits = new byte[256];
        Arrays.fill(digits, (byte) OTHER);
        for (int i = 0; i < 10; i++) {
            digits['0' + i] = (byte) i;
        }
        for (int i = 10; i < 16; i++) {
            digits['a' + i - 10] = (byte) (i | LOWER);
            digits['A' + i - 10] = (byte) (i | UPPER);
        }
        return digits;
    }

    /** What follows the digits, before the last quote: 0 for nothing, n for {@code -n} as it would be written again, else -1. */
    private static long parts(String quoted) {
        int end = quoted.length() - 1;
        int from = MD5_DIGITS + 1;
        if (from == end) {
            return 0;
        }
        int digits = end - from - 1;
        if (digits == 0 || digits > MOST_PARTS_DIGITS || quoted.charAt(from) != '-' || quoted.charAt(from + 1) == '0') {
            return -1;
        }
        long parts = 0;
        for (int i = from + 1; i < end; i++) {
            char c = quoted.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            parts = parts * 10 + c - '0';
        }
        return parts;
    }

    private static VersionTag tag(ByteBuffer in) throws IOException {
        byte kind = in.get();
        return switch (kind) {
            case TEXT -> {
                byte[] text = new byte[Math.toIntExact(Math.min(number(in), in.remaining()))];
                in.get(text);
                yield new EntityTag(new String(text, StandardCharsets.UTF_8));
            }
            case MODIFICATION -> new ModificationTag(in.getLong(), number(in));
            case MD5_LOWER -> new EntityTag('"' + digits(in, HexFormat.of()) + '"');
            case MD5_UPPER -> new EntityTag('"' + digits(in, HexFormat.of().withUpperCase()) + '"');
            case MD5_PARTS_LOWER -> new EntityTag('"' + digits(in, HexFormat.of()) + '-' + number(in) + '"');
            case MD5_PARTS_UPPER ->
                new EntityTag('"' + digits(in, HexFormat.of().withUpperCase()) + '-' + number(in) + '"');
            default -> throw new IOException("the catalog holds a version tag of unknown kind " + kind);
        };
    }

    private static String digits(ByteBuffer in, HexFormat format) {
        byte[] digest = new byte[MD5_BYTES];
        in.get(digest);
        return format.formatHex(digest);
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
