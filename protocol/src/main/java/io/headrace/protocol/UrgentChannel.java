package io.headrace.protocol;

import java.nio.channels.ReadableByteChannel;

/** A channel of a {@link RangeSource} whose bytes may become more urgent while they come. */
public interface UrgentChannel extends ReadableByteChannel {
    /**
     * Somebody with this reason waits for the bytes from now on; ignored unless it is more urgent than those before. The
     * bytes still count under the reason that the channel was opened for. Called by any thread; does not block.
     */
    void urge(FetchReason reason);
}
