package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.Arrays;

/**
 * A set of chunks of one file, as bits. A chunk is 1 MiB, or larger in files beyond 1 TiB, so that the map takes 128 KiB
 * at most. Not thread-safe.
 */
final class ChunkMap {
    private static final int MOST_CHUNKS = 1 << 20;
    private static final int LEAST_SHIFT = 20;

    private final long lengthBytes;
    private final int shift;
    private final int chunks;
    private final long[] words;
    private int count;

    ChunkMap(long lengthBytes) {
        int wanted = LEAST_SHIFT;
        while (((lengthBytes - 1) >> wanted) >= MOST_CHUNKS) {
            wanted++;
        }
        this.lengthBytes = lengthBytes;
        this.shift = wanted;
        this.chunks = (int) ((lengthBytes - 1) >> shift) + 1;
        this.words = new long[(chunks + 63) >> 6];
    }

    long chunkBytes() {
        return 1L << shift;
    }

    /** Bytes of the chunks in the set; the last chunk counts as a whole one. */
    long bytes() {
        return (long) count << shift;
    }

    boolean contains(int chunk) {
        return (words[chunk >> 6] & (1L << chunk)) != 0;
    }

    /** False when it is in the set already. */
    boolean add(int chunk) {
        if (contains(chunk)) {
            return false;
        }
        words[chunk >> 6] |= 1L << chunk;
        count++;
        return true;
    }

    int indexAt(long offset) {
        return (int) (offset >> shift);
    }

    boolean isFull() {
        return count == chunks;
    }

    int chunks() {
        return chunks;
    }

    /** The first chunk at or behind {@code from} that is not in the set; {@link #chunks} when all are. */
    int nextAbsent(int from) {
        for (int word = from >> 6; word < words.length; word++) {
            long absent = ~words[word] & (word == from >> 6 ? -1L << from : -1L);
            if (absent != 0) {
                return Math.min(chunks, (word << 6) + Long.numberOfTrailingZeros(absent));
            }
        }
        return chunks;
    }

    /** The bytes of the chunks {@code [first, behindLast)}, clipped to the file. */
    ByteRange range(int first, int behindLast) {
        return ByteRange.between((long) first << shift, Math.min(lengthBytes, (long) behindLast << shift));
    }

    void clear() {
        Arrays.fill(words, 0);
        count = 0;
    }
}
