package io.headrace.store;

import io.headrace.store.packed.PackedFiles;
import java.lang.foreign.MemorySegment;

/** A part of a small file, pinned in its slab until {@link #release}. */
record PackedPin(PackedFiles.Pinned file, MemorySegment bytes) implements HeldBytes {
    @Override
    public void release() {
        file.release();
    }
}
