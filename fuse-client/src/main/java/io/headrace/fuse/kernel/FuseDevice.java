package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the kernel: an open {@code /dev/fuse} that belongs to a mount. Thread-safe; closing it does not wake
 * a thread that reads (unmount, or abort, does).
 */
public final class FuseDevice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FuseDevice.class);
    private static final long BACKING_OPEN = 0x4010E501L;
    private static final long BACKING_CLOSE = 0x4004E502L;
    private static final int NOTIFY_INVALIDATE_INODE = 2;
    private static final int NOTIFY_INVALIDATE_ENTRY = 3;
    private static final int NOTIFY_RESEND = 7;
    private static final int HEADER_BYTES = 16;

    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param descriptor owned from now on */
    public FuseDevice(int descriptor) {
        this.descriptor = descriptor;
    }

    public int descriptor() {
        return descriptor;
    }

    /**
     * Waits for a request.
     *
     * @param buffer at least 8 KiB, the kernel's minimum
     * @return its length; 0 when the read is to be tried again; -1 when the file system was unmounted or aborted
     * @throws IOException when the device failed otherwise
     */
    public int receive(MemorySegment buffer) throws IOException {
        long received = Libc.read(descriptor, buffer);
        if (received >= 0) {
            return (int) received;
        }
        int errno = (int) -received;
        return switch (errno) {
            // ENOENT: the request was taken back between being queued and being read.
            case Errno.EINTR, Errno.EAGAIN, Errno.ENOENT -> 0;
            case Errno.ENODEV, Errno.ECONNABORTED -> -1;
            default -> throw new IOException("cannot read /dev/fuse: " + Errno.describe(errno));
        };
    }

    /** @return false when the kernel did not take it: whoever asked is gone, or the mount is */
    boolean write(MemorySegment message) {
        return taken(Libc.write(descriptor, message));
    }

    /**
     * As {@link #write}, of bytes that may turn out to be unreadable.
     *
     * @return false when they are: the kernel has answered the request with EIO
     */
    boolean writeReadable(MemorySegment vectors, int count) {
        long written = Libc.writev(descriptor, vectors, count);
        if (written == -Errno.EFAULT) {
            return false;
        }
        boolean _ = taken(written);
        return true;
    }

    private static boolean taken(long written) {
        if (written >= 0) {
            return true;
        }
        int errno = (int) -written;
        boolean expected = errno == Errno.ENOENT || errno == Errno.ENODEV || errno == Errno.ECONNABORTED;
        if (!expected) {
            LOG.warn("the kernel refused a reply: {}", Errno.describe(errno));
        }
        return false;
    }

    /**
     * Gives the kernel a file to read by itself.
     *
     * @return its backing id, above 0, to be given back by {@link #closeBacking}; or the negated error number
     */
    public int openBacking(int file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment map = arena.allocate(16, 8);
            map.set(JAVA_INT, 0, file);
            return Libc.ioctl(descriptor, BACKING_OPEN, map);
        }
    }

    public void closeBacking(int backingId) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(4, 4);
            id.set(JAVA_INT, 0, backingId);
            int failure = Libc.ioctl(descriptor, BACKING_CLOSE, id);
            if (failure < 0 && failure != -Errno.ENODEV) {
                LOG.debug("backing id {} was not given back: {}", backingId, Errno.describe(-failure));
            }
        }
    }

    /** Makes the kernel forget what {@code name} stands for. Waits for the directory's lock: see {@code Invalidations}. */
    public void invalidateName(long directoryNode, Bytes name) {
        try (Arena arena = Arena.ofConfined()) {
            long length = HEADER_BYTES + 16L + name.length() + 1;
            MemorySegment message = notification(arena, length, NOTIFY_INVALIDATE_ENTRY);
            message.set(JAVA_LONG_UNALIGNED, 16, directoryNode);
            message.set(JAVA_INT_UNALIGNED, 24, name.length());
            MemorySegment.copy(MemorySegment.ofBuffer(name.asByteBuffer()), 0, message, 32, name.length());
            write(message);
        }
    }

    /** Makes the kernel forget a node's attributes and cached pages (of a directory: its cached entries). */
    public void invalidateNode(long node) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = notification(arena, HEADER_BYTES + 24L, NOTIFY_INVALIDATE_INODE);
            message.set(JAVA_LONG_UNALIGNED, 16, node);
            write(message);
        }
    }

    /**
     * Asks for the requests again that an earlier server read and never answered. Linux 6.9 and newer.
     *
     * @return whether the kernel does so
     */
    public boolean resend() {
        try (Arena arena = Arena.ofConfined()) {
            return write(notification(arena, HEADER_BYTES, NOTIFY_RESEND));
        }
    }

    private static MemorySegment notification(Arena arena, long length, int code) {
        MemorySegment message = arena.allocate(length, 8);
        message.set(JAVA_INT_UNALIGNED, 0, (int) length);
        message.set(JAVA_INT_UNALIGNED, 4, code);
        message.set(JAVA_LONG, 8, 0);
        return message;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Libc.close(descriptor);
        }
    }
}
