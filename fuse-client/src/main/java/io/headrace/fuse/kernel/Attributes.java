package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What stat(2) shows of a file: {@code struct fuse_attr}, 88 bytes.
 *
 * @param mode type and permission bits
 */
public record Attributes(
        long inode, long sizeBytes, long modifiedSeconds, int modifiedNanos, int mode, int user, int group) {
    public static final int BYTES = 88;
    public static final int TYPE_FILE = 0100000;
    public static final int TYPE_DIRECTORY = 0040000;
    private static final int SECTOR_BYTES = 512;

    void encode(MemorySegment out, long at) {
        out.set(JAVA_LONG_UNALIGNED, at, inode);
        out.set(JAVA_LONG_UNALIGNED, at + 8, sizeBytes);
        out.set(JAVA_LONG_UNALIGNED, at + 16, Math.ceilDiv(sizeBytes, SECTOR_BYTES));
        for (int time = 0; time < 3; time++) {
            out.set(JAVA_LONG_UNALIGNED, at + 24 + 8L * time, modifiedSeconds);
            out.set(JAVA_INT_UNALIGNED, at + 48 + 4L * time, modifiedNanos);
        }
        out.set(JAVA_INT_UNALIGNED, at + 60, mode);
        // One link, for directories too: tools that count subdirectories by links then look for themselves.
        out.set(JAVA_INT_UNALIGNED, at + 64, 1);
        out.set(JAVA_INT_UNALIGNED, at + 68, user);
        out.set(JAVA_INT_UNALIGNED, at + 72, group);
        out.set(JAVA_INT_UNALIGNED, at + 76, 0);
        out.set(JAVA_INT_UNALIGNED, at + 80, 0);
        out.set(JAVA_INT_UNALIGNED, at + 84, 0);
    }

    public boolean isDirectory() {
        return (mode & TYPE_DIRECTORY) != 0;
    }
}
