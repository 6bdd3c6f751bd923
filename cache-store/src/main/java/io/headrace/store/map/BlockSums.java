package io.headrace.store.map;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Crc32cJoin;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The CRC32C of a run of bytes, such as a block, as it stood at the end of each part; every part has {@link #PART_BYTES} but the
 * last. So the sum of any run of whole parts is known without its bytes: from the start as it stands, else by taking off what
 * stood before. Immutable.
 */
public final class BlockSums {
    /** A power of two. 64 bytes of sums for a block of 4 MiB. */
    public static final int PART_BYTES = 256 << 10;

    private static final int BLOCK_PARTS = 16;

    /** Over one part, two, and so on. */
    private static final Crc32cJoin[] OVER = IntStream.rangeClosed(1, BLOCK_PARTS)
            .mapToObj(parts -> new Crc32cJoin((long) parts * PART_BYTES))
            .toArray(Crc32cJoin[]::new);

    private final long length;
    private final int[] ends;

    /** @param ends as many as {@link #parts}, taken over: the sum of all bytes up to the end of each part */
    public BlockSums(long length, int[] ends) {
        if (ends.length != parts(length)) {
            throw new IllegalArgumentException(length + " bytes do not have " + ends.length + " parts");
        }
        this.length = length;
        this.ends = ends;
    }

    public static int parts(long length) {
        return Math.toIntExact(Math.ceilDiv(length, PART_BYTES));
    }

    public int whole() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /** @param range from the start of the run; empty unless it begins and ends with a part */
    public OptionalInt of(ByteRange range) {
        boolean beginsPart = range.offset() % PART_BYTES == 0;
        boolean endsPart = range.end() % PART_BYTES == 0 || range.end() == length;
        if (range.isEmpty() || range.end() > length || !beginsPart || !endsPart) {
            return OptionalInt.empty();
        }
        int end = ends[parts(range.end()) - 1];
        if (range.offset() == 0) {
            return OptionalInt.of(end);
        }
        // The sum of the range joined to what stood before gives what stands at its end.
        int before = ends[parts(range.offset()) - 1];
        return OptionalInt.of(over(range.length()).join(before, 0) ^ end);
    }

    private static Crc32cJoin over(long bytes) {
        int parts = (int) (bytes / PART_BYTES);
        return bytes % PART_BYTES == 0 && parts <= BLOCK_PARTS ? OVER[parts - 1] : new Crc32cJoin(bytes);
    }
}
