package io.headrace.benchmarks.store;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Gives any range at the cost of one copy, as a socket would. */
final class MemorySource implements RangeSource {
    private static final int PIECE_BYTES = 256 << 10;

    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) {
                int count = Math.min(into.remaining(), PIECE_BYTES);
                into.put(piece.slice(0, count));
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
