package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Errno;
import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** A request that ends with an error number. */
final class RequestFailure extends IOException {
    private final int errno;

    RequestFailure(int errno) {
        super(Errno.describe(errno));
        this.errno = errno;
    }

    /** An answer, not a fault: nobody needs the way that led here. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** What a reader sees of a failure. */
    static int errnoOf(Throwable failure) {
        return switch (failure) {
            case RequestFailure known -> known.errno;
            case OriginException origin -> errnoOf(origin);
            case NoSuchFileException absent -> Errno.ENOENT;
            case AccessDeniedException denied -> Errno.EACCES;
            case ClosedByInterruptException interrupted -> Errno.EINTR;
            default -> isForLackOfDescriptors(failure) ? Errno.ENFILE : Errno.EIO;
        };
    }

    /** Java tells EMFILE and ENFILE by the text of strerror(3) only. */
    private static boolean isForLackOfDescriptors(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #errnoOf}, for bytes of an open file, whose name was found: what is gone now is its version. */
    static int errnoOfRead(IOException failure) {
        return failure instanceof OriginException.NotFound ? Errno.ESTALE : errnoOf(failure);
    }

    private static int errnoOf(OriginException failure) {
        return switch (failure) {
            case OriginException.NotFound absent -> Errno.ENOENT;
            case OriginException.VersionChanged replaced -> Errno.ESTALE;
            case OriginException.Unavailable unavailable -> Errno.EIO;
            case OriginException.Refused refused ->
                switch (refused.refusal()) {
                    case FORBIDDEN, BAD_CREDENTIALS -> Errno.EACCES;
                    case NO_SUCH_LOCATION, CLOCK_SKEW, TLS, BAD_REQUEST -> Errno.EIO;
                };
        };
    }

    /** Whether it is worth a line in the log: not when it is the normal answer to a request. */
    static boolean isUnexpected(Throwable failure) {
        return !(failure instanceof RequestFailure);
    }
}
