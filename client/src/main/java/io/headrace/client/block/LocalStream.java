package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.client.local.LocalPart;
import io.headrace.protocol.FetchReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A part of a range from the store of a worker of this machine. */
record LocalStream(LocalPart part) implements ByteStream {
    @Override
    public int read(ByteBuffer into) throws IOException {
        return part.read(into);
    }

    @Override
    public long end() {
        return part.end();
    }

    @Override
    public void urge(FetchReason reason) {}

    @Override
    public void failed(IOException failure) {
        part.failed();
    }

    @Override
    public void release() {
        part.close();
    }

    /** The worker compares its file itself. */
    @Override
    public Optional<Stop> stop() {
        return Optional.empty();
    }

    @Override
    public String name() {
        return part.name();
    }

    @Override
    public void close() {
        part.close();
    }
}
