package io.headrace.store.flight;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One lent buffer, shared by a flight and the readers that it serves; the last to {@link #release} gives it back.
 */
public final class FlightBuffer {
    private final FlightBuffers pool;
    private final Memory memory;
    private final AtomicInteger holders = new AtomicInteger(1);

    record Memory(Arena arena, MemorySegment segment) {
        long bytes() {
            return segment.byteSize();
        }

        void free() {
            arena.close();
        }
    }

    FlightBuffer(FlightBuffers pool, Memory memory) {
        this.pool = pool;
        this.memory = memory;
    }

    /** The block's bytes from its start; those behind what has arrived are anything. At least as long as the block. */
    public MemorySegment segment() {
        return memory.segment();
    }

    /** Adds a holder; only one that holds the buffer itself may do so. */
    public FlightBuffer retain() {
        if (holders.getAndIncrement() < 1) {
            throw new IllegalStateException("the buffer was given back");
        }
        return this;
    }

    public void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            pool.giveBack(memory);
        } else if (left < 0) {
            throw new IllegalStateException("the buffer was released too often");
        }
    }
}
