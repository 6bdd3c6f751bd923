package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Finds equal distances among the last reads that were part of no stream: a read at {@code x} makes a stride of {@code d}
 * when {@code x - d}, {@code x - 2d} and {@code x - 3d} were read lately, by reads of the same length. Not thread-safe.
 */
final class StrideDetector {
    private static final int REMEMBERED = 16;
    private static final int NEEDED_BEFORE = 3;

    /** So many strided readers that take turns are told apart. */
    private static final int INTERLEAVED = 4;

    private final long[] offsets = new long[REMEMBERED];
    private final long[] lengths = new long[REMEMBERED];
    private int next;

    StrideDetector() {
        Arrays.fill(offsets, Long.MIN_VALUE / 4);
    }

    /** The distance that leads to this read, which is remembered; empty when there is none. */
    OptionalLong observe(ByteRange read) {
        OptionalLong found = find(read);
        offsets[next] = read.offset();
        lengths[next] = read.length();
        next = (next + 1) % REMEMBERED;
        return found;
    }

    private OptionalLong find(ByteRange read) {
        for (int back = 1; back <= INTERLEAVED; back++) {
            int i = Math.floorMod(next - back, REMEMBERED);
            long step = read.offset() - offsets[i];
            if (step != 0 && lengths[i] == read.length() && hasSteps(read, step)) {
                return OptionalLong.of(step);
            }
        }
        return OptionalLong.empty();
    }

    private boolean hasSteps(ByteRange read, long step) {
        for (int steps = 2; steps <= NEEDED_BEFORE; steps++) {
            if (!wasRead(read.offset() - steps * step, read.length())) {
                return false;
            }
        }
        return true;
    }

    private boolean wasRead(long offset, long length) {
        for (int i = 0; i < REMEMBERED; i++) {
            if (offsets[i] == offset && lengths[i] == length) {
                return true;
            }
        }
        return false;
    }
}
