package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.ArrayList;
import java.util.List;

/** A reader that takes equal pieces at equal distances, upwards or downwards. Not thread-safe. */
final class Stride {
    private static final int MOST_PIECES = 64;
    private static final int OUT_OF_ORDER = 8;

    private final long step;
    private final long pieceBytes;
    private long next;
    private long plannedTo;
    private int pieces = 2;

    /** @param last the piece that was read last */
    Stride(ByteRange last, long step) {
        this.step = step;
        this.pieceBytes = last.length();
        this.next = last.offset() + step;
        this.plannedTo = next;
    }

    boolean expects(ByteRange read) {
        long ahead = read.offset() - next;
        return ahead % step == 0 && ahead / step >= 0 && ahead / step < OUT_OF_ORDER && read.length() <= pieceBytes;
    }

    /** Moves on behind a piece that {@link #expects} knew; the pieces to plan now. */
    List<ByteRange> advance(ByteRange read, ByteRange file, long mostBytes) {
        next = read.offset() + step;
        pieces = Math.min(MOST_PIECES, pieces * 2);
        long most = Math.clamp(mostBytes / pieceBytes, 1, pieces);
        if ((plannedTo - next) / step < 0) {
            plannedTo = next;
        }
        List<ByteRange> planned = new ArrayList<>();
        while ((plannedTo - next) / step < most && plannedTo >= 0 && plannedTo < file.end()) {
            planned.add(new ByteRange(plannedTo, pieceBytes).clippedTo(file));
            plannedTo += step;
        }
        return planned;
    }
}
