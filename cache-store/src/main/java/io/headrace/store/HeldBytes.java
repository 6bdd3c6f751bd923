package io.headrace.store;

import java.lang.foreign.MemorySegment;

/** A part of one block that stays valid until {@link #release}, which is called once. */
sealed interface HeldBytes permits BlockPin, PackedPin, HeldBuffer, CopiedBytes {
    MemorySegment bytes();

    void release();
}
