package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A pair of connected Unix sockets over which another process sends a descriptor ({@code SCM_RIGHTS}, unix(7)). Offsets
 * are those of {@code struct msghdr} and {@code struct cmsghdr} on 64-bit Linux. For one thread.
 */
public final class DescriptorSocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_CLOEXEC = 1 | Libc.O_CLOEXEC;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final long CONTROL_BYTES = 24;

    private static final MethodHandle SOCKETPAIR = NativeFunctions.capturing(
            "socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle RECVMSG =
            NativeFunctions.capturing("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = NativeFunctions.capturing(
            "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private final int ours;
    private int theirs;

    private DescriptorSocket(int ours, int theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /** @param timeoutSeconds how long {@link #receive} waits */
    public static DescriptorSocket open(long timeoutSeconds) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            MemorySegment captured = NativeFunctions.captured();
            long failure = NativeFunctions.resultOf(
                    (int) SOCKETPAIR.invokeExact(captured, AF_UNIX, SOCK_STREAM_CLOEXEC, 0, ends), captured);
            if (failure < 0) {
                throw new IOException("cannot make a socket pair: " + Errno.describe((int) -failure));
            }
            int ours = ends.getAtIndex(JAVA_INT, 0);
            MemorySegment timeout = arena.allocate(JAVA_LONG, 2);
            timeout.set(JAVA_LONG, 0, timeoutSeconds);
            long unset = NativeFunctions.resultOf(
                    (int) SETSOCKOPT.invokeExact(captured, ours, SOL_SOCKET, SO_RCVTIMEO, timeout, 16), captured);
            if (unset < 0) {
                throw new IOException("cannot bound a socket's wait: " + Errno.describe((int) -unset));
            }
            return new DescriptorSocket(ours, ends.getAtIndex(JAVA_INT, 1));
        } catch (IOException | IllegalStateException known) {
            throw known;
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** The end to pass to the other process. */
    public int theirEnd() {
        return theirs;
    }

    public void closeTheirEnd() {
        if (theirs >= 0) {
            Libc.close(theirs);
            theirs = -1;
        }
    }

    /** The received descriptor, which the caller owns; negative when the other end closed, or sent none in time. */
    public int receive() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(16, 8);
            vector.set(ADDRESS, 0, arena.allocate(8, 8));
            vector.set(JAVA_LONG, 8, 8);
            MemorySegment control = arena.allocate(CONTROL_BYTES, 8);
            MemorySegment message = arena.allocate(56, 8);
            message.set(ADDRESS, 16, vector);
            message.set(JAVA_LONG, 24, 1);
            message.set(ADDRESS, 32, control);
            message.set(JAVA_LONG, 40, CONTROL_BYTES);
            MemorySegment captured = NativeFunctions.captured();
            long received = NativeFunctions.resultOf(
                    (long) RECVMSG.invokeExact(captured, ours, message, MSG_CMSG_CLOEXEC), captured);
            boolean carriesDescriptor = received > 0
                    && message.get(JAVA_LONG, 40) >= 20
                    && control.get(JAVA_INT, 8) == SOL_SOCKET
                    && control.get(JAVA_INT, 12) == SCM_RIGHTS;
            return carriesDescriptor ? control.get(JAVA_INT, 16) : -1;
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    @Override
    public void close() {
        closeTheirEnd();
        Libc.close(ours);
    }
}
