package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Looks whether the kernel has a request, without sleeping: a thread that looks a while longer finds one that comes soon
 * without having to be woken for it. For one thread.
 */
public final class DevicePoll {
    /** {@code struct pollfd}: descriptor, events wanted, events seen. */
    private static final int POLLFD_BYTES = 8;

    private static final short POLLIN = 1;

    private final MemorySegment wanted;

    /** @param arena outlives this */
    public DevicePoll(FuseDevice device, Arena arena) {
        wanted = arena.allocate(POLLFD_BYTES, 4);
        wanted.set(JAVA_INT, 0, device.descriptor());
        wanted.set(JAVA_SHORT, 4, POLLIN);
    }

    /** Looks until there is something to receive, a request or the connection's end, for at most so long. */
    public void await(long nanos) {
        long started = System.nanoTime();
        while (Libc.poll(wanted, 1, 0) == 0 && System.nanoTime() - started < nanos) {
            Thread.onSpinWait();
        }
    }
}
