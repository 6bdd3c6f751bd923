package io.headrace.client.block;

import io.headrace.protocol.FetchReason;
import java.io.IOException;
import java.nio.ByteBuffer;

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

    /** As messages call the place. */
    String name();
}
