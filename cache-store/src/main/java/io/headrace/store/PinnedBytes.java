package io.headrace.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

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

    /**
     * CRC32C of all of it as it was fetched, where that is known without summing it: of whole 256 KiB parts of one block that a
     * tier keeps. The first time a block is asked about it is read, and compared with its own CRC. What happens to the bytes
     * later is thus noticed by who compares them.
     *
     * @throws UnreadableBytesException when the bytes are not as they were fetched: close them, recheck the range and read again
     */
    default OptionalInt fetchedCrc() throws IOException {
        return OptionalInt.empty();
    }

    @Override
    void close();
}
