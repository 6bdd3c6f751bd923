package io.headrace.protocol.unix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * What sendmsg(2) and recvmsg(2) take: bytes, and room for one descriptor. Offsets are those of {@code struct msghdr} and
 * {@code struct cmsghdr} on 64-bit Linux.
 */
record SocketMessage(MemorySegment head, MemorySegment control) {
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    /** CMSG_LEN of one descriptor. Less than CMSG_SPACE, which has room for two: the second would be nobody's. */
    private static final long CONTROL_BYTES = 20;

    private static final long CONTROL_LENGTH_AT = 40;

    static MemorySegment sending(MemorySegment bytes, OptionalInt descriptor, Arena arena) {
        SocketMessage message = of(bytes, arena);
        if (descriptor.isPresent()) {
            message.control.set(JAVA_LONG, 0, CONTROL_BYTES);
            message.control.set(JAVA_INT, 8, SOL_SOCKET);
            message.control.set(JAVA_INT, 12, SCM_RIGHTS);
            message.control.set(JAVA_INT, 16, descriptor.getAsInt());
        } else {
            message.head.set(JAVA_LONG, CONTROL_LENGTH_AT, 0);
        }
        return message.head;
    }

    static SocketMessage receiving(MemorySegment into, Arena arena) {
        return of(into, arena);
    }

    private static SocketMessage of(MemorySegment bytes, Arena arena) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ADDRESS, 0, bytes);
        vector.set(JAVA_LONG, 8, bytes.byteSize());
        MemorySegment control = arena.allocate(24, 8);
        MemorySegment head = arena.allocate(56, 8);
        head.set(ADDRESS, 16, vector);
        head.set(JAVA_LONG, 24, 1);
        head.set(ADDRESS, 32, control);
        head.set(JAVA_LONG, CONTROL_LENGTH_AT, CONTROL_BYTES);
        return new SocketMessage(head, control);
    }

    /** What came with {@code received} bytes. */
    OptionalInt descriptor(int received) {
        boolean carriesOne = received > 0
                && head.get(JAVA_LONG, CONTROL_LENGTH_AT) >= CONTROL_BYTES
                && control.get(JAVA_INT, 8) == SOL_SOCKET
                && control.get(JAVA_INT, 12) == SCM_RIGHTS;
        return carriesOne ? OptionalInt.of(control.get(JAVA_INT, 16)) : OptionalInt.empty();
    }
}
