package io.headrace.protocol;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/**
 * Where a store gets bytes that it lacks: the origin, or a peer in front of it. Thread-safe; each returned channel is
 * for one thread, and may be closed by another to end a read that waits.
 */
@FunctionalInterface
public interface RangeSource {
    /**
     * Opens the bytes {@code range} of exactly {@code version}. The channel yields {@code range.length()} bytes as they
     * arrive, then end of stream; the caller closes it. It never yields bytes of another version, and never ends early
     * without an exception. An {@link UrgentChannel} where the source serves the urgent first.
     *
     * @param range inside the file, not empty
     * @throws OriginException when the source cannot serve them, here or from the channel's {@code read}
     */
    ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) throws IOException;
}
