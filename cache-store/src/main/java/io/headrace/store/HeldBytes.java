package io.headrace.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/** A part of one block that stays valid until {@link #release}, which is called once. */
sealed interface HeldBytes permits BlockPin, PackedPin, HeldBuffer, CopiedBytes {
    MemorySegment bytes();

    /** As {@link PinnedBytes#fetchedCrc}. */
    default OptionalInt fetchedCrc() throws IOException {
        return OptionalInt.empty();
    }

    void release();
}
