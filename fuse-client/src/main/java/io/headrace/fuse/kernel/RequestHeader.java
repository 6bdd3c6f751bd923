package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What every request starts with: {@code struct fuse_in_header}, 40 bytes.
 *
 * @param unique names the request in its reply; bit 63 is set when it was sent to an earlier server too
 * @param nodeId the file or directory that it is about
 * @param process the thread that asked; 0 when it is not visible from here
 */
public record RequestHeader(int opcode, long unique, long nodeId, int process) {
    public static final int BYTES = 40;
    private static final long RESENT = 1L << 63;

    /** @throws MalformedRequestException when the message is shorter than a header or than it says itself */
    public static RequestHeader decode(MemorySegment message) throws MalformedRequestException {
        if (message.byteSize() < BYTES) {
            throw new MalformedRequestException("a request of " + message.byteSize() + " bytes has no header");
        }
        int stated = message.get(JAVA_INT_UNALIGNED, 0);
        if (stated != message.byteSize()) {
            throw new MalformedRequestException("a request says " + stated + " bytes and has " + message.byteSize()
                    + ", opcode " + message.get(JAVA_INT_UNALIGNED, 4));
        }
        return new RequestHeader(
                message.get(JAVA_INT_UNALIGNED, 4),
                message.get(JAVA_LONG_UNALIGNED, 8),
                message.get(JAVA_LONG_UNALIGNED, 16),
                message.get(JAVA_INT_UNALIGNED, 32));
    }

    /** Whether an earlier server may have acted on it already. */
    public boolean isResent() {
        return (unique & RESENT) != 0;
    }
}
