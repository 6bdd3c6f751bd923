package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What a name stands for, and how long the kernel may believe it: {@code struct fuse_entry_out}, 128 bytes.
 *
 * @param nodeId 0 for a name that does not exist, believed as long as any other
 */
public record NodeReply(long nodeId, long nameValidMillis, long attributesValidMillis, Attributes attributes) {
    public static final int BYTES = 128;
    private static final Attributes NOTHING = new Attributes(0, 0, 0, 0, 0, 0, 0);

    public static NodeReply absent(long nameValidMillis) {
        return new NodeReply(0, nameValidMillis, 0, NOTHING);
    }

    void encode(MemorySegment out, long at) {
        out.set(JAVA_LONG_UNALIGNED, at, nodeId);
        out.set(JAVA_LONG_UNALIGNED, at + 8, 0);
        out.set(JAVA_LONG_UNALIGNED, at + 16, nameValidMillis / 1000);
        out.set(JAVA_LONG_UNALIGNED, at + 24, attributesValidMillis / 1000);
        out.set(JAVA_INT_UNALIGNED, at + 32, (int) (nameValidMillis % 1000) * 1_000_000);
        out.set(JAVA_INT_UNALIGNED, at + 36, (int) (attributesValidMillis % 1000) * 1_000_000);
        attributes.encode(out, at + 40);
    }
}
