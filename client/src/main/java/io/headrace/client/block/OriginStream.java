package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.UrgentChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part of a range from behind all workers. */
record OriginStream(ReadableByteChannel channel, long end) implements ByteStream {
    private static final Logger LOG = LoggerFactory.getLogger(OriginStream.class);

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public void urge(FetchReason reason) {
        if (channel instanceof UrgentChannel urgent) {
            urgent.urge(reason);
        }
    }

    @Override
    public void failed(IOException failure) {}

    @Override
    public void release() {
        close();
    }

    @Override
    public Optional<Stop> stop() {
        return Optional.empty();
    }

    @Override
    public String name() {
        return "the origin";
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("an origin's channel did not close; nothing more is read from it", e);
        }
    }
}
