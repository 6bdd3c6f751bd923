package io.headrace.store;

import io.headrace.store.flight.FlightBuffer;
import java.lang.foreign.MemorySegment;

/** A part of a block in a flight's buffer, which the holder has retained. */
record HeldBuffer(FlightBuffer buffer, MemorySegment bytes) implements HeldBytes {
    @Override
    public void release() {
        buffer.release();
    }
}
