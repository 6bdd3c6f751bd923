package io.headrace.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An object being written in parts. Parts may be written by several threads at once; {@link #complete} and
 * {@link #close} by one. Closing before completing aborts, leaving nothing behind at the origin.
 */
public interface ObjectUpload extends AutoCloseable {
    /**
     * Writes the remaining bytes of {@code part} as part {@code number}; parts join in number order.
     *
     * @param number from 1, without gaps by the time of {@link #complete}
     * @param part at least {@link #minimumPartBytes} but for the last
     */
    void writePart(int number, ByteBuffer part) throws IOException;

    long minimumPartBytes();

    /** Makes the object visible, and says what it is now. */
    ObjectStatus complete() throws IOException;

    @Override
    void close();
}
