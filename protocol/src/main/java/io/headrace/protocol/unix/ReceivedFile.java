package io.headrace.protocol.unix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A file by a descriptor that another process passed, for reading. Reads are thread-safe; {@link #close} is for who knows that
 * none is under way.
 */
public final class ReceivedFile implements AutoCloseable {
    private static final int COPY_BYTES = 256 << 10;

    private final int descriptor;

    /** Takes over the descriptor. */
    public ReceivedFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Reads what is at the offset, straight into a direct buffer.
     *
     * @return how many bytes; 0 at the end of the file
     */
    public int read(ByteBuffer into, long offset) throws IOException {
        if (into.isDirect()) {
            int count = read(MemorySegment.ofBuffer(into), offset);
            into.position(into.position() + count);
            return count;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(Math.max(1, Math.min(into.remaining(), COPY_BYTES)));
            int count = read(copy, offset);
            into.put(copy.asSlice(0, count).asByteBuffer());
            return count;
        }
    }

    private int read(MemorySegment into, long offset) throws IOException {
        while (true) {
            long count = SocketCalls.readAt(descriptor, into, offset);
            if (count >= 0) {
                return Math.toIntExact(count);
            }
            if (count != -SocketCalls.EINTR) {
                throw new IOException("a file of this machine's worker cannot be read at " + offset + ": "
                        + SocketCalls.describe((int) -count));
            }
        }
    }

    @Override
    public void close() {
        SocketCalls.close(descriptor);
    }
}
