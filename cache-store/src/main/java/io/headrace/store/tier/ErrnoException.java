package io.headrace.store.tier;

import java.io.IOException;
import java.nio.file.Path;

/** A system call failed. The message names the call and the file. */
public final class ErrnoException extends IOException {
    /** Numbers of Linux on every architecture that Java 25 runs on. */
    public static final int EPERM = 1;

    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EDQUOT = 122;

    private final int errno;

    ErrnoException(String call, Path path, int errno) {
        super(call + " of " + path + " failed: " + text(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }

    /** Whether the file system has no room, or may not be written: bytes cannot be kept, but all else works. */
    public boolean meansCannotKeep() {
        return errno == ENOSPC || errno == EDQUOT || errno == EROFS;
    }

    private static String text(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted";
            case ENOENT -> "no such file";
            case EAGAIN -> "in use";
            // As Java's own messages have it.
            case EMFILE -> "Too many open files";
            case ENOSPC -> "no space left on device";
            case EROFS -> "read-only file system";
            case EDQUOT -> "disk quota exceeded";
            default -> "errno " + errno;
        };
    }
}
