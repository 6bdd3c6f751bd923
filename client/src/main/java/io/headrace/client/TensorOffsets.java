package io.headrace.client;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the tensors' offsets out of a safetensors header: each {@code "data_offsets":[begin,end]}, relative to the data.
 * A scan over the tokens that matter, which neither builds a tree nor recurses; what is not such JSON yields nothing.
 */
final class TensorOffsets {
    private static final byte[] KEY = {'d', 'a', 't', 'a', '_', 'o', 'f', 'f', 's', 'e', 't', 's'};
    private static final int MOST_TENSORS = 1 << 17;
    private static final int MOST_DIGITS = 18;

    private final ByteBuffer json;
    private final long dataBytes;
    private int position;
    private long[] starts = new long[64];
    private int count;

    TensorOffsets(ByteBuffer json, long dataBytes) {
        this.json = json;
        this.dataBytes = dataBytes;
    }

    /** Where tensors begin, ascending, without duplicates; empty when the header is malformed or names none. */
    Optional<long[]> starts() {
        while (position < json.limit()) {
            if (json.get(position++) == '"' && stringIsKey() && nextIs(':') && !takeOffsets()) {
                return Optional.empty();
            }
        }
        long[] sorted = Arrays.stream(starts, 0, count).sorted().distinct().toArray();
        return sorted.length == 0 ? Optional.empty() : Optional.of(sorted);
    }

    /** Moves behind the closing quote; whether the string was the key. */
    private boolean stringIsKey() {
        int from = position;
        while (position < json.limit()) {
            byte next = json.get(position++);
            if (next == '\\') {
                position++;
            } else if (next == '"') {
                return equalsKey(from, position - 1);
            }
        }
        return false;
    }

    private boolean equalsKey(int from, int to) {
        if (to - from != KEY.length) {
            return false;
        }
        for (int i = 0; i < KEY.length; i++) {
            if (json.get(from + i) != KEY[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean takeOffsets() {
        if (!nextIs('[')) {
            return false;
        }
        long begin = number();
        if (!nextIs(',')) {
            return false;
        }
        long end = number();
        if (!nextIs(']') || begin < 0 || end < begin || end > dataBytes || count == MOST_TENSORS) {
            return false;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = begin;
        return true;
    }

    /** The next number; -1 when there is none. */
    private long number() {
        skipSpace();
        long value = 0;
        int digits = 0;
        while (position < json.limit() && Character.isDigit(json.get(position)) && digits <= MOST_DIGITS) {
            value = 10 * value + json.get(position++) - '0';
            digits++;
        }
        return digits == 0 || digits > MOST_DIGITS ? -1 : value;
    }

    private boolean nextIs(char wanted) {
        skipSpace();
        if (position < json.limit() && json.get(position) == wanted) {
            position++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (position < json.limit() && isSpace(json.get(position))) {
            position++;
        }
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\n' || next == '\r' || next == '\t';
    }
}
