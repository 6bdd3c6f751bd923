package io.headrace.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A part of a block that no tier could take, copied so that its flight's buffer goes back. */
record CopiedBytes(Arena arena, MemorySegment bytes) implements HeldBytes {
    @SuppressWarnings("MustBeClosedChecker") // The record owns the arena and closes it in release.
    static CopiedBytes of(MemorySegment bytes) {
        Arena arena = Arena.ofShared();
        return new CopiedBytes(arena, arena.allocate(bytes.byteSize()).copyFrom(bytes));
    }

    @Override
    public void release() {
        arena.close();
    }
}
