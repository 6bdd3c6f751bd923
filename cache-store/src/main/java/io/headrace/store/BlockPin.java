package io.headrace.store;

import java.lang.foreign.MemorySegment;

/** A part of a block, pinned in a tier until {@link #release}. */
record BlockPin(TierCopy copy, int block, MemorySegment bytes) implements HeldBytes {
    @Override
    public void release() {
        copy.unpin(block);
    }
}
