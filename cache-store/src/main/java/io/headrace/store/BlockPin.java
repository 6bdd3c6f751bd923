package io.headrace.store;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.store.map.BlockSums;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;

/** A part of a block, pinned in a tier until {@link #release}. */
record BlockPin(TierCopy copy, int block, ByteRange part, MemorySegment bytes) implements HeldBytes {
    @Override
    public OptionalInt fetchedCrc() throws IOException {
        long start = (long) block * Blocks.BLOCK_BYTES;
        if ((part.offset() - start) % BlockSums.PART_BYTES != 0) {
            return OptionalInt.empty();
        }
        Optional<BlockSums> sums = copy.verification().sums(block);
        if (sums.isEmpty()) {
            throw new UnreadableBytesException(
                    "block " + block + " of " + copy.file().path());
        }
        return sums.get().of(new ByteRange(part.offset() - start, part.length()));
    }

    @Override
    public void release() {
        copy.unpin(block);
    }
}
