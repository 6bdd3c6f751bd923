package io.headrace.store.flight;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.lang.foreign.MemorySegment;

/** What a flight is for: which bytes, from where, and what becomes of them. */
public interface FlightPlan {
    FileVersion version();

    /** The bytes in the file: a block, or a piece of one. */
    ByteRange range();

    RangeSource source();

    /** The kept copy of this block was found damaged, so this flight repairs it. */
    boolean isRepair();

    /**
     * Keeps the block's bytes; called on the fetch thread, once, before the passengers are told. Publishes the block, so
     * that from then on no new flight starts.
     *
     * @return false when no tier could take it
     */
    boolean keep(MemorySegment block, int crc);

    /** The flight ended, landed or failed: the next request for this block starts another if it needs one. */
    void ended(Flight flight);
}
