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
    /** Kind, seven numbers of at most ten bytes, and an MD5. */
    private static final int FIXED_BYTES = 96;

    private RowCodec() {}

    static byte[] encode(Row row) {
        return switch (row) {
            case FileRow file -> encode(file);
            case DirectoryRow directory -> {
                int flags = DIRECTORY | (directory.listed() ? LISTED : 0) | (directory.pinned() ? PINNED : 0);
                ByteBuffer out = start(flags, row, directory.modified(), 0);
                yield finish(out);
            }
        };
    }

    private static byte[] encode(FileRow file) {
        int textBytes = switch (file.tag()) {
            case EntityTag(String value) -> value.length() * 3;
            case ModificationTag _ -> 0;
        };
        ByteBuffer out = start(FILE, file, file.modified(), textBytes);
        putNumber(out, file.lengthBytes());
        switch (file.tag()) {
            case EntityTag(String value) -> putEntityTag(out, value);
            case ModificationTag(long nanos, long fileId) -> {
                out.put(MODIFICATION).putLong(nanos);
                putNumber(out, fileId);
            }
        }
        return finish(out);
    }

    private static ByteBuffer start(int flags, Row row, Instant modified, int more) {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + more).put((byte) flags);
        putNumber(out, row.id());
        putNumber(out, row.mount());
        putNumber(out, zigzag(modified.getEpochSecond()));
        putNumber(out, modified.getNano());
        return out;
    }

    private static byte[] finish(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    /** @throws IOException when these bytes are no row */
    static Row decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
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

    private static void putEntityTag(ByteBuffer out, String value) {
        int end = value.length() - 1;
        boolean quoted = end > MD5_DIGITS && value.charAt(0) == '"' && value.charAt(end) == '"';
        if (!quoted || !putDigest(out, value.substring(1, end))) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            out.put(TEXT);
            putNumber(out, text.length);
            out.put(text);
        }
    }

    private static boolean putDigest(ByteBuffer out, String value) {
        boolean lower = isHex(value, 'a');
        long parts = parts(value);
        if ((!lower && !isHex(value, 'A')) || parts < 0) {
            return false;
        }
        byte whole = lower ? MD5_LOWER : MD5_UPPER;
        byte inParts = lower ? MD5_PARTS_LOWER : MD5_PARTS_UPPER;
        out.put(parts == 0 ? whole : inParts);
        for (int i = 0; i < MD5_DIGITS; i += 2) {
            out.put((byte) HexFormat.fromHexDigits(value, i, i + 2));
        }
        if (parts > 0) {
            putNumber(out, parts);
        }
        return true;
    }

    private static boolean isHex(String value, char ten) {
        for (int i = 0; i < MD5_DIGITS; i++) {
            char c = value.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= ten && c <= ten + 5)) {
                return false;
            }
        }
        return true;
    }

    /** What follows the digits: 0 for nothing, n for {@code -n} as it would be written again, else -1. */
    private static long parts(String value) {
        int digits = value.length() - MD5_DIGITS - 1;
        if (digits < 0) {
            return 0;
        }
        if (digits == 0
                || digits > MOST_PARTS_DIGITS
                || value.charAt(MD5_DIGITS) != '-'
                || value.charAt(MD5_DIGITS + 1) == '0') {
            return -1;
        }
        long parts = 0;
        for (int i = MD5_DIGITS + 1; i < value.length(); i++) {
            char c = value.charAt(i);
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

    private static void putNumber(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
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
