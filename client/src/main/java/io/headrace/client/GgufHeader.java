package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Reads where tensors start out of a GGUF header. A header does not say how long it is, so it comes in windows, each from
 * the first byte that the ones before left open. Not thread-safe.
 *
 * <p>Versions 2 and 3, little-endian (ggml, docs/gguf.md): magic and version; counts of tensors and of metadata pairs; the
 * pairs of key, type and value; for each tensor name, dimensions, type, and offset in the data, which begins behind the
 * header at a multiple of {@code general.alignment}. Strings and arrays are preceded by their lengths.
 *
 * <p>Nothing is allocated by a header's word: offsets are kept as they are seen, everything else is passed over, and what
 * need not be looked at is not asked for.
 */
final class GgufHeader {
    static final Set<Integer> VERSIONS = Set.of(2, 3);

    /** No vocabulary that is known takes more. */
    static final int MOST_BYTES = 32 << 20;

    /** More than the longest entry. */
    static final int WINDOW_BYTES = 4 << 20;

    private static final int COUNTS_AT = 8;
    private static final int MOST_NAME_BYTES = (1 << 16) - 1;
    private static final int MOST_DIMENSIONS = 8;
    private static final int MOST_TENSORS = 1 << 17;
    private static final int MOST_ALIGNMENT = 1 << 20;
    private static final ByteBuffer ALIGNMENT_KEY =
            ByteBuffer.wrap("general.alignment".getBytes(StandardCharsets.US_ASCII));

    private static final int UINT32 = 4;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /** How long a value is, by its type's number; 0 where it says so itself. */
    private static final int[] VALUE_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final long fileLengthBytes;
    private State state = State.AT_COUNTS;
    private long position;
    private long windowStart;
    private long pairsLeft;
    private long stringsLeft;
    private long tensorsLeft;
    private int alignment = 32;
    private long[] offsets = new long[64];
    private int count;

    private enum State {
        AT_COUNTS,
        IN_ENTRIES,
        COMPLETE,
        MALFORMED
    }

    GgufHeader(long fileLengthBytes) {
        this.fileLengthBytes = fileLengthBytes;
    }

    /** What to show next; empty when nothing more is of use. */
    ByteRange wanted() {
        if (!isOpen()) {
            return ReadAhead.NO_BYTES;
        }
        return new ByteRange(position, WINDOW_BYTES).clippedTo(new ByteRange(0, Math.min(fileLengthBytes, MOST_BYTES)));
    }

    /** Takes what was wanted. */
    void show(ByteBuffer window) {
        ByteBuffer bytes = window.slice().order(ByteOrder.LITTLE_ENDIAN);
        windowStart = position;
        try {
            while (isOpen() && position - windowStart < bytes.limit()) {
                bytes.position((int) (position - windowStart));
                takeNext(bytes);
            }
        } catch (BufferUnderflowException windowEnds) {
            // The entry at position is not whole yet; nothing of it was taken.
        }
        boolean cutShort = position == windowStart || wanted().isEmpty();
        if (isOpen() && cutShort) {
            state = State.MALFORMED;
        }
    }

    /** Once nothing more is wanted: tensors are known when the header was sound. */
    FileFormat format() {
        if (state != State.COMPLETE || count == 0) {
            return FileFormat.gguf();
        }
        long dataStart = (position + alignment - 1) / alignment * alignment;
        long[] starts = Arrays.stream(offsets, 0, count)
                .map(offset -> dataStart + offset)
                .sorted()
                .distinct()
                .toArray();
        boolean inside = starts[starts.length - 1] <= fileLengthBytes;
        return inside ? FileFormat.gguf(dataStart, starts) : FileFormat.gguf();
    }

    private boolean isOpen() {
        return state == State.AT_COUNTS || state == State.IN_ENTRIES;
    }

    /** Takes one entry, all of it or nothing, and moves behind it. */
    private void takeNext(ByteBuffer bytes) {
        if (state == State.AT_COUNTS) {
            takeCounts(bytes);
        } else if (stringsLeft > 0) {
            moveBehind(bytes, length(bytes));
            stringsLeft--;
        } else if (pairsLeft > 0) {
            takePair(bytes);
        } else {
            takeTensor(bytes);
        }
        if (state == State.IN_ENTRIES && stringsLeft == 0 && pairsLeft == 0 && tensorsLeft == 0) {
            state = State.COMPLETE;
        }
    }

    private void takeCounts(ByteBuffer bytes) {
        pass(bytes, COUNTS_AT);
        tensorsLeft = bytes.getLong();
        pairsLeft = bytes.getLong();
        moveBehind(bytes, 0);
        boolean sound = tensorsLeft >= 0 && tensorsLeft <= MOST_TENSORS && pairsLeft >= 0;
        state = sound ? State.IN_ENTRIES : State.MALFORMED;
    }

    private void takePair(ByteBuffer bytes) {
        boolean isAlignment = name(bytes).equals(ALIGNMENT_KEY);
        int type = bytes.getInt();
        if (type == ARRAY) {
            takeArray(bytes);
        } else if (isAlignment && type == UINT32) {
            takeAlignment(bytes);
        } else {
            moveBehind(bytes, type == STRING ? length(bytes) : valueBytes(type));
        }
        pairsLeft--;
    }

    /** Of an array of strings only the start: each string is an entry. */
    private void takeArray(ByteBuffer bytes) {
        int type = bytes.getInt();
        long elements = length(bytes);
        if (type == STRING) {
            moveBehind(bytes, 0);
            stringsLeft = elements;
        } else {
            moveBehind(bytes, elements * valueBytes(type));
        }
    }

    private void takeAlignment(ByteBuffer bytes) {
        int wanted = bytes.getInt();
        moveBehind(bytes, 0);
        if (wanted <= 0 || wanted > MOST_ALIGNMENT || Integer.bitCount(wanted) != 1) {
            state = State.MALFORMED;
            return;
        }
        alignment = wanted;
    }

    private void takeTensor(ByteBuffer bytes) {
        name(bytes);
        int dimensions = bytes.getInt();
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            state = State.MALFORMED;
            return;
        }
        pass(bytes, dimensions * Long.BYTES + Integer.BYTES);
        long offset = bytes.getLong();
        moveBehind(bytes, 0);
        if (offset < 0 || offset > fileLengthBytes || offset % alignment != 0) {
            state = State.MALFORMED;
            return;
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        offsets[count++] = offset;
        tensorsLeft--;
    }

    private ByteBuffer name(ByteBuffer bytes) {
        long length = bytes.getLong();
        if (length < 0 || length > MOST_NAME_BYTES) {
            state = State.MALFORMED;
            return bytes.slice(bytes.position(), 0);
        }
        int start = bytes.position();
        pass(bytes, (int) length);
        return bytes.slice(start, (int) length);
    }

    /** A length that cannot be leads behind all that is looked at. */
    private static long length(ByteBuffer bytes) {
        long length = bytes.getLong();
        return length < 0 || length > MOST_BYTES ? MOST_BYTES : length;
    }

    private int valueBytes(int type) {
        int known = type < 0 || type >= VALUE_BYTES.length ? 0 : VALUE_BYTES[type];
        if (known == 0) {
            state = State.MALFORMED;
        }
        return known;
    }

    private static void pass(ByteBuffer bytes, int count) {
        if (count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + count);
    }

    /** Takes what of the window was read, and so many bytes more, which need not be in it. */
    private void moveBehind(ByteBuffer bytes, long more) {
        position = windowStart + bytes.position() + more;
    }
}
