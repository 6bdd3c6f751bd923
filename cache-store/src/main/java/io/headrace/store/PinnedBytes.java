package io.headrace.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes that stay valid until closed: slices of mapped tier files, of flight buffers or of heap-free copies, in file
 * order. The holder closes it, soon, on any thread; pinned bytes cannot be evicted.
 */
public interface PinnedBytes extends AutoCloseable {
    /** Native segments whose lengths add up to the range's. */
    List<MemorySegment> segments();

    /**
     * Copies all of it to the buffer's position.
     *
     * @throws UnreadableBytesException when the cache's file was cut short, or its disk fails, under the bytes
     */
    default void copyTo(ByteBuffer into) throws UnreadableBytesException {
        try {
            segments().forEach(segment -> into.put(segment.asByteBuffer()));
        } catch (InternalError fault) {
            // How Java reports SIGBUS in a mapping.
            throw new UnreadableBytesException(fault);
        }
    }

    @Override
    void close();
}
