package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.headrace.protocol.unix.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls of this module on descriptors and mounts. Each returns what the call returned, or the negated error
 * number ({@link Errno}); none throws, none retries. Thread-safe. Calls that block hold a platform thread.
 */
public final class Libc {
    public static final int O_RDWR = 2;
    public static final int O_CLOEXEC = 0x80000;
    public static final int MS_RDONLY = 1;
    public static final int MS_NOSUID = 2;
    public static final int MS_NODEV = 4;
    public static final int MNT_FORCE = 1;
    public static final int MNT_DETACH = 2;
    public static final int UMOUNT_NOFOLLOW = 8;

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FIRST_HIGH_DESCRIPTOR = 64;

    private static final Linker.Option VARIADIC_FROM_2 = Linker.Option.firstVariadicArg(2);
    private static final MethodHandle OPEN = NativeFunctions.capturing(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), VARIADIC_FROM_2);
    private static final MethodHandle CLOSE = intCall("close", JAVA_INT);
    private static final MethodHandle READ =
            NativeFunctions.capturing("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            NativeFunctions.capturing("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITEV =
            NativeFunctions.capturing("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle IOCTL = NativeFunctions.capturing(
            "ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), VARIADIC_FROM_2);
    private static final MethodHandle FCNTL = NativeFunctions.capturing(
            "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), VARIADIC_FROM_2);
    private static final MethodHandle MOUNT = NativeFunctions.capturing(
            "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle UMOUNT2 = intCall("umount2", ADDRESS, JAVA_INT);
    private static final MethodHandle PIPE2 = intCall("pipe2", ADDRESS, JAVA_INT);
    private static final MethodHandle POLL = intCall("poll", ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle MEMFD_CREATE = intCall("memfd_create", ADDRESS, JAVA_INT);
    private static final MethodHandle GETEUID = NativeFunctions.plain("geteuid", JAVA_INT);
    private static final MethodHandle GETEGID = NativeFunctions.plain("getegid", JAVA_INT);

    private Libc() {}

    private static MethodHandle intCall(String name, java.lang.foreign.MemoryLayout... arguments) {
        return NativeFunctions.capturing(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) OPEN.invokeExact(captured, arena.allocateFrom(path), flags, 0), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static int close(int descriptor) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf((int) CLOSE.invokeExact(captured, descriptor), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static long read(int descriptor, MemorySegment buffer) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return NativeFunctions.resultOf(
                    (long) READ.invokeExact(captured, descriptor, buffer, buffer.byteSize()), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static long write(int descriptor, MemorySegment bytes) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return NativeFunctions.resultOf(
                    (long) WRITE.invokeExact(captured, descriptor, bytes, bytes.byteSize()), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** @param vectors {@code count} pairs of address and length, 16 bytes each */
    public static long writev(int descriptor, MemorySegment vectors, int count) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return NativeFunctions.resultOf((long) WRITEV.invokeExact(captured, descriptor, vectors, count), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static int ioctl(int descriptor, long request, MemorySegment argument) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) IOCTL.invokeExact(captured, descriptor, request, argument), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** A second descriptor of the same file, above those that a child's standard files take; closed on exec. */
    public static int duplicateHigh(int descriptor) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) FCNTL.invokeExact(captured, descriptor, F_DUPFD_CLOEXEC, FIRST_HIGH_DESCRIPTOR), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static int mount(String source, String target, String type, long flags, String data) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = NativeFunctions.captured();
            int returned = (int) MOUNT.invokeExact(
                    captured,
                    arena.allocateFrom(source),
                    arena.allocateFrom(target),
                    arena.allocateFrom(type),
                    flags,
                    arena.allocateFrom(data));
            return (int) NativeFunctions.resultOf(returned, captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static int unmount(String target, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) UMOUNT2.invokeExact(captured, arena.allocateFrom(target), flags), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** @param ends takes two ints: where to read and where to write; both are closed on exec */
    public static int pipe(MemorySegment ends) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf((int) PIPE2.invokeExact(captured, ends, O_CLOEXEC), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** @param wanted {@code count} of {@code struct pollfd} */
    public static int poll(MemorySegment wanted, long count, int timeoutMillis) {
        try {
            MemorySegment captured = NativeFunctions.captured();
            return (int)
                    NativeFunctions.resultOf((int) POLL.invokeExact(captured, wanted, count, timeoutMillis), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    /** A file without a name, in memory, closed on exec. */
    public static int memoryFile(String label) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = NativeFunctions.captured();
            return (int) NativeFunctions.resultOf(
                    (int) MEMFD_CREATE.invokeExact(captured, arena.allocateFrom(label), 1), captured);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static int effectiveUser() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    public static int effectiveGroup() {
        try {
            return (int) GETEGID.invokeExact();
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }
}
