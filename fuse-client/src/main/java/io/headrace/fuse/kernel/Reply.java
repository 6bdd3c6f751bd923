package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Writes replies: {@code struct fuse_out_header} and a payload, in buffers that are reused. One instance serves one
 * thread; several may write to one device.
 */
public final class Reply {
    public static final int OPEN_DIRECT_IO = 1;
    public static final int OPEN_KEEP_CACHE = 1 << 1;
    public static final int OPEN_CACHE_DIR = 1 << 3;
    public static final int OPEN_NOFLUSH = 1 << 5;
    public static final int OPEN_PASSTHROUGH = 1 << 7;

    private static final int HEADER_BYTES = 16;
    private static final int VECTOR_BYTES = 16;

    /** {@code IOV_MAX} of Linux, less the header's. */
    private static final int MAX_SEGMENTS = 1023;

    private final FuseDevice device;
    private final MemorySegment message;
    private final MemorySegment payload;
    private final MemorySegment vectors;

    /** @param payloadBytes room for the largest reply but those of READ, whose bytes are not copied */
    public Reply(FuseDevice device, Arena arena, int payloadBytes) {
        this.device = device;
        this.message = arena.allocate(HEADER_BYTES + (long) payloadBytes, 64);
        this.payload = message.asSlice(HEADER_BYTES);
        this.vectors = arena.allocate((MAX_SEGMENTS + 1L) * VECTOR_BYTES, 16);
    }

    /** @param errno positive; 0 for success without a payload */
    public void status(long unique, int errno) {
        header(HEADER_BYTES, -errno, unique);
        device.write(message.asSlice(0, HEADER_BYTES));
    }

    public void node(long unique, NodeReply node) {
        node.encode(payload, 0);
        send(unique, NodeReply.BYTES);
    }

    public void attributes(long unique, long validMillis, Attributes attributes) {
        payload.set(JAVA_LONG_UNALIGNED, 0, validMillis / 1000);
        payload.set(JAVA_INT_UNALIGNED, 8, (int) (validMillis % 1000) * 1_000_000);
        payload.set(JAVA_INT_UNALIGNED, 12, 0);
        attributes.encode(payload, 16);
        send(unique, 16 + Attributes.BYTES);
    }

    /**
     * @param flags {@code OPEN_} bits
     * @param backingId 0 without {@link #OPEN_PASSTHROUGH}
     * @return whether the kernel took it; if not, nothing is open
     */
    public boolean opened(long unique, long handle, int flags, int backingId) {
        payload.set(JAVA_LONG_UNALIGNED, 0, handle);
        payload.set(JAVA_INT_UNALIGNED, 8, flags);
        payload.set(JAVA_INT_UNALIGNED, 12, backingId);
        return send(unique, 16);
    }

    /** {@code struct fuse_kstatfs}: everything is used, nothing is free. */
    public void fileSystem(long unique, long bytes, long files) {
        int blockBytes = 4096;
        payload.asSlice(0, 80).fill((byte) 0);
        payload.set(JAVA_LONG_UNALIGNED, 0, Math.ceilDiv(bytes, blockBytes));
        payload.set(JAVA_LONG_UNALIGNED, 24, files);
        payload.set(JAVA_INT_UNALIGNED, 40, blockBytes);
        payload.set(JAVA_INT_UNALIGNED, 44, 255);
        payload.set(JAVA_INT_UNALIGNED, 48, blockBytes);
        send(unique, 80);
    }

    /** The length of an extended attribute's value, or of all names. */
    public void length(long unique, int length) {
        payload.set(JAVA_INT_UNALIGNED, 0, length);
        payload.set(JAVA_INT_UNALIGNED, 4, 0);
        send(unique, 8);
    }

    public void position(long unique, long offset) {
        payload.set(JAVA_LONG_UNALIGNED, 0, offset);
        send(unique, 8);
    }

    public void bytes(long unique, byte[] bytes) {
        MemorySegment.copy(bytes, 0, payload, JAVA_BYTE, 0, bytes.length);
        send(unique, bytes.length);
    }

    public DirectoryBlock directoryBlock(int size, boolean withAttributes) {
        return new DirectoryBlock(payload, size, withAttributes);
    }

    public void directory(long unique, DirectoryBlock block) {
        send(unique, block.length());
    }

    public void handshake(long unique, Handshake agreed) {
        payload.asSlice(0, 64).fill((byte) 0);
        payload.set(JAVA_INT_UNALIGNED, 0, 7);
        payload.set(JAVA_INT_UNALIGNED, 4, agreed.minor());
        payload.set(JAVA_INT_UNALIGNED, 8, agreed.maxReadAheadBytes());
        payload.set(JAVA_INT_UNALIGNED, 12, (int) agreed.features());
        payload.set(JAVA_SHORT_UNALIGNED, 16, (short) agreed.maxBackground());
        payload.set(JAVA_SHORT_UNALIGNED, 18, (short) (agreed.maxBackground() * 3 / 4));
        // Nothing is ever written: the least that keeps the request buffer small.
        payload.set(JAVA_INT_UNALIGNED, 20, 4096);
        payload.set(JAVA_INT_UNALIGNED, 24, 1);
        payload.set(JAVA_SHORT_UNALIGNED, 28, (short) (agreed.maxReadBytes() / 4096));
        payload.set(JAVA_INT_UNALIGNED, 32, (int) (agreed.features() >>> 32));
        payload.set(JAVA_INT_UNALIGNED, 36, agreed.stackDepth());
        send(unique, 64);
    }

    /**
     * Answers a READ straight from where the bytes are.
     *
     * @param segments native, valid until this returns
     * @return false when the bytes cannot be read; the kernel has answered with EIO
     * @throws IllegalArgumentException when there are more than 1023
     */
    public boolean data(long unique, List<MemorySegment> segments) {
        if (segments.size() > MAX_SEGMENTS) {
            throw new IllegalArgumentException(segments.size() + " segments in one reply, of at most " + MAX_SEGMENTS);
        }
        long total = HEADER_BYTES;
        for (int i = 0; i < segments.size(); i++) {
            MemorySegment segment = segments.get(i);
            vectors.set(ADDRESS, (i + 1L) * VECTOR_BYTES, segment);
            vectors.set(JAVA_LONG, (i + 1L) * VECTOR_BYTES + 8, segment.byteSize());
            total += segment.byteSize();
        }
        header(total, 0, unique);
        vectors.set(ADDRESS, 0, message);
        vectors.set(JAVA_LONG, 8, HEADER_BYTES);
        return device.writeReadable(vectors, segments.size() + 1);
    }

    private boolean send(long unique, long payloadBytes) {
        header(HEADER_BYTES + payloadBytes, 0, unique);
        return device.write(message.asSlice(0, HEADER_BYTES + payloadBytes));
    }

    private void header(long length, int error, long unique) {
        message.set(JAVA_INT_UNALIGNED, 0, (int) length);
        message.set(JAVA_INT_UNALIGNED, 4, error);
        message.set(JAVA_LONG_UNALIGNED, 8, unique);
    }
}
