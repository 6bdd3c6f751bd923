package io.headrace.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An object that several processes write in parts, and that outlives each of them: who knows its key and token goes on with it by
 * {@link UnderStore#resume}. Until it is completed nobody reads it, and until it is completed or aborted what was written takes
 * space. Thread-safe; holds no connection.
 */
public interface SharedUpload {
    /** By which the origin knows it; no secret. */
    String token();

    /**
     * Writes the remaining bytes of {@code part} as part {@code number}; one that was written before is replaced. The origin has
     * it when this returns.
     *
     * @param number from 1; parts join in number order
     * @return what {@link #complete} is to be told of this part
     * @throws io.headrace.protocol.OriginException.NotFound when the upload was completed or aborted
     */
    String writePart(int number, ByteBuffer part) throws IOException;

    /**
     * Makes the object visible, and says what it is now.
     *
     * @param parts what {@link #writePart} said of each, from number 1 without gaps; at least one
     * @throws io.headrace.protocol.OriginException.NotFound when the upload was completed or aborted
     */
    ObjectStatus complete(List<String> parts) throws IOException;

    /** Leaves nothing of it at the origin; without an error when nothing is there. */
    void abort() throws IOException;
}
