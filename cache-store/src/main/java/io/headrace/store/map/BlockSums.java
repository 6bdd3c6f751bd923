package io.headrace.store.map;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Crc32cJoin;
import java.util.OptionalInt;

/**
 * The CRC32C of each part of a run of bytes, such as a block; every part has {@link #PART_BYTES} but the last. So the sum of
 * any run of whole parts is known without its bytes. Immutable.
 */
public final class BlockSums {
    /** A power of two. 64 bytes of sums for a block of 4 MiB. */
    public static final int PART_BYTES = 256 << 10;

    private static final Crc32cJoin WHOLE_PART = new Crc32cJoin(PART_BYTES);

    private final long length;
    private final int[] parts;

    /** @param parts as many as {@link #parts}, taken over */
    public BlockSums(long length, int[] parts) {
        if (parts.length != parts(length)) {
            throw new IllegalArgumentException(length + " bytes do not have " + parts.length + " parts");
        }
        this.length = length;
        this.parts = parts;
    }

    public static int parts(long length) {
        return Math.toIntExact(Math.ceilDiv(length, PART_BYTES));
    }

    public int whole() {
        return joined(0, parts.length);
    }

    /** @param range from the start of the run; empty unless it begins and ends with a part */
    public OptionalInt of(ByteRange range) {
        boolean beginsPart = range.offset() % PART_BYTES == 0;
        boolean endsPart = range.end() % PART_BYTES == 0 || range.end() == length;
        if (range.isEmpty() || range.end() > length || !beginsPart || !endsPart) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(joined((int) (range.offset() / PART_BYTES), parts(range.end())));
    }

    private int joined(int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            long bytes = Math.min(PART_BYTES, length - (long) i * PART_BYTES);
            Crc32cJoin join = bytes == PART_BYTES ? WHOLE_PART : new Crc32cJoin(bytes);
            sum = i == from ? parts[i] : join.join(sum, parts[i]);
        }
        return sum;
    }
}
