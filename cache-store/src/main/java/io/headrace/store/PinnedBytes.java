package io.headrace.store;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Bytes that stay valid until closed: slices of mapped tier files, of flight buffers or of heap-free copies, in file
 * order. The holder closes it, soon, on any thread; pinned bytes cannot be evicted.
 */
public interface PinnedBytes extends AutoCloseable {
    /** Native segments whose lengths add up to the range's. */
    List<MemorySegment> segments();

    @Override
    void close();
}
