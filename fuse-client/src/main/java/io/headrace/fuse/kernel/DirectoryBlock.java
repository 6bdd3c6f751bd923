package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.headrace.protocol.Bytes;
import java.lang.foreign.MemorySegment;

/**
 * Entries of a directory as a reply carries them: {@code struct fuse_dirent}, each padded to 8 bytes, with a
 * {@link NodeReply} before each in READDIRPLUS. Written into a {@link Reply}'s payload; for one thread.
 */
public final class DirectoryBlock {
    private static final int DIRENT_BYTES = 24;
    private static final int DT_DIR = 4;
    private static final int DT_REG = 8;

    private final MemorySegment payload;
    private final long limit;
    private final boolean withAttributes;
    private long length;

    DirectoryBlock(MemorySegment payload, int size, boolean withAttributes) {
        this.payload = payload;
        this.limit = Math.min(size, payload.byteSize());
        this.withAttributes = withAttributes;
    }

    public long length() {
        return length;
    }

    /**
     * Adds an entry.
     *
     * @param node with node id 0 when the kernel shall look it up for itself
     * @param next the offset from which a later request goes on after this entry
     * @return false, and nothing is added, when there is no room
     */
    public boolean add(Bytes name, NodeReply node, long next) {
        int head = withAttributes ? NodeReply.BYTES : 0;
        long padded = head + Math.ceilDiv((long) DIRENT_BYTES + name.length(), 8) * 8;
        if (length + padded > limit) {
            return false;
        }
        if (withAttributes) {
            node.encode(payload, length);
        }
        long at = length + head;
        payload.set(JAVA_LONG_UNALIGNED, at, node.attributes().inode());
        payload.set(JAVA_LONG_UNALIGNED, at + 8, next);
        payload.set(JAVA_INT_UNALIGNED, at + 16, name.length());
        payload.set(JAVA_INT_UNALIGNED, at + 20, node.attributes().isDirectory() ? DT_DIR : DT_REG);
        MemorySegment.copy(MemorySegment.ofBuffer(name.asByteBuffer()), 0, payload, at + DIRENT_BYTES, name.length());
        payload.asSlice(at + DIRENT_BYTES + name.length(), length + padded - at - DIRENT_BYTES - name.length())
                .fill((byte) 0);
        length += padded;
        return true;
    }
}
