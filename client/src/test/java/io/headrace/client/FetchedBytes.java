package io.headrace.client;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a store that evicts nothing would fetch of one file, by the rules of {@code CachedFile}. */
final class FetchedBytes {
    private static final long PIECE_BYTES = 64 << 10;
    private static final int SHARE_OF_BLOCK = 8;
    private static final int RECENT_PIECES = 64;

    private final long lengthBytes;
    private final BitSet blocks = new BitSet();
    private final Map<Integer, Long> inPieces = new HashMap<>();
    private final Map<ByteRange, Boolean> recent = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteRange, Boolean> eldest) {
            return size() > RECENT_PIECES;
        }
    };
    private long bytes;

    FetchedBytes(long lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    long bytes() {
        return bytes;
    }

    /** Whole blocks, for a read or a plan. */
    void add(ByteRange range) {
        int last = Blocks.indexAt(range.end() - 1);
        for (int block = Blocks.indexAt(range.offset()); block <= last; block++) {
            if (!blocks.get(block)) {
                blocks.set(block);
                bytes += Blocks.range(block, lengthBytes).length();
            }
        }
    }

    void addExactly(ByteRange range) {
        int last = Blocks.indexAt(range.end() - 1);
        for (int block = Blocks.indexAt(range.offset()); block <= last; block++) {
            ByteRange whole = Blocks.range(block, lengthBytes);
            if (!blocks.get(block)) {
                addPiece(block, piece(range.clippedTo(whole)).clippedTo(whole), whole);
            }
        }
    }

    private void addPiece(int block, ByteRange piece, ByteRange whole) {
        long before = inPieces.getOrDefault(block, 0L);
        if (recent.get(piece) != null) {
            return;
        }
        if (before + piece.length() > whole.length() / SHARE_OF_BLOCK) {
            add(whole);
            return;
        }
        inPieces.put(block, before + piece.length());
        bytes += piece.length();
        if (piece.length() <= PIECE_BYTES) {
            recent.put(piece, true);
        }
    }

    private static ByteRange piece(ByteRange range) {
        return ByteRange.between(
                range.offset() / PIECE_BYTES * PIECE_BYTES, Math.ceilDiv(range.end(), PIECE_BYTES) * PIECE_BYTES);
    }
}
