package io.headrace.client.block;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** An origin that has what {@link ScriptedWorker}s have, counts what it gives, and can fail. */
final class ScriptedOrigin implements RangeSource {
    final AtomicLong given = new AtomicLong();
    private volatile Optional<IOException> failure = Optional.empty();

    /** From the next read on. */
    void fails(IOException with) {
        failure = Optional.of(with);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        return new ReadableByteChannel() {
            private long position = range.offset();
            private boolean open = true;

            @Override
            public int read(ByteBuffer into) throws IOException {
                if (failure.isPresent()) {
                    throw failure.get();
                }
                int count = (int) Math.min(into.remaining(), range.end() - position);
                ScriptedWorker.bytes().fill(MemorySegment.ofBuffer(into.slice(into.position(), count)), position);
                into.position(into.position() + count);
                position += count;
                given.addAndGet(count);
                return count == 0 ? -1 : count;
            }

            @Override
            public boolean isOpen() {
                return open;
            }

            @Override
            public void close() {
                open = false;
            }
        };
    }
}
