package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.FetchReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Bytes of a part of the range, from one place. For one thread; any may close it. */
interface ByteStream extends AutoCloseable {
    /** As a channel's read. */
    int read(ByteBuffer into) throws IOException;

    /** Where the part ends in the file. */
    long end();

    /** Somebody waits with this reason from now on; any thread. */
    void urge(FetchReason reason);

    /** Takes account of how a read failed; for the reading thread. */
    void failed(IOException failure);

    /** Lets it go when nothing more is to be read from it; for the reading thread. */
    void release();

    /** Ends it, also a read that waits; any thread. No effect after {@link #release}. */
    @Override
    void close();

    /** Whom to ask once more to repair what came; empty for the origin. */
    Optional<Stop> stop();

    /** As messages call the place. */
    String name();
}
