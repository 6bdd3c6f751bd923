package io.headrace.store.tier;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The system calls that Java has no method for, and those whose channel would be closed by an interrupt. Constants are
 * those of {@code asm-generic}, shared by x86-64 and aarch64, where they are the same.
 */
final class Linux {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_CLOEXEC = 0x80000;
    /** The one constant here on which the two machines differ. */
    static final int O_DIRECT = "aarch64".equals(System.getProperty("os.arch")) ? 0x10000 : 0x4000;

    static final int LOCK_EXCLUSIVE_NOW = 2 | 4;
    static final int PUNCH_HOLE_KEEP_SIZE = 2 | 1;
    static final int MOUNT_NOSUID_NODEV_NOEXEC = 2 | 4 | 8;
    static final int UMOUNT_DETACH = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(INT, POINTER, INT, INT),
            CAPTURE,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle PWRITE = call("pwrite", FunctionDescriptor.of(LONG, INT, POINTER, LONG, LONG));
    private static final MethodHandle FTRUNCATE = call("ftruncate", FunctionDescriptor.of(INT, INT, LONG));
    private static final MethodHandle FALLOCATE = call("fallocate", FunctionDescriptor.of(INT, INT, INT, LONG, LONG));
    private static final MethodHandle FLOCK = call("flock", FunctionDescriptor.of(INT, INT, INT));
    private static final MethodHandle MOUNT =
            call("mount", FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, LONG, POINTER));
    private static final MethodHandle UMOUNT = call("umount2", FunctionDescriptor.of(INT, POINTER, INT));

    private Linux() {}

    static int open(Path path, int flags) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            int descriptor =
                    (int) OPEN.invokeExact(captured, arena.allocateFrom(path.toString()), flags | O_CLOEXEC, 0600);
            return (int) checked(descriptor, "open", path, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    static void close(int descriptor, Path path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            checked((int) CLOSE.invokeExact(captured, descriptor), "close", path, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    /** Writes all of {@code bytes}. */
    static void writeFully(int descriptor, Path path, MemorySegment bytes, long offset) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            long done = 0;
            while (done < bytes.byteSize()) {
                MemorySegment rest = bytes.asSlice(done);
                long written = (long) PWRITE.invokeExact(captured, descriptor, rest, rest.byteSize(), offset + done);
                if (written < 0 && (int) ERRNO.get(captured, 0L) == ErrnoException.EINTR) {
                    continue;
                }
                done += checked(written, "write", path, captured);
            }
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    static void setLength(int descriptor, Path path, long lengthBytes) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            checked((int) FTRUNCATE.invokeExact(captured, descriptor, lengthBytes), "ftruncate", path, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    static void punchHole(int descriptor, Path path, long offset, long length) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            int result = (int) FALLOCATE.invokeExact(captured, descriptor, PUNCH_HOLE_KEEP_SIZE, offset, length);
            checked(result, "fallocate", path, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    static void lockNow(int descriptor, Path path) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            checked((int) FLOCK.invokeExact(captured, descriptor, LOCK_EXCLUSIVE_NOW), "flock", path, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    static void mountTmpfs(Path target, String options) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            int result = (int) MOUNT.invokeExact(
                    captured,
                    arena.allocateFrom("headrace"),
                    arena.allocateFrom(target.toString()),
                    arena.allocateFrom("tmpfs"),
                    (long) MOUNT_NOSUID_NODEV_NOEXEC,
                    arena.allocateFrom(options));
            checked(result, "mount", target, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    static void unmount(Path target) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(CAPTURED);
            int result = (int) UMOUNT.invokeExact(captured, arena.allocateFrom(target.toString()), UMOUNT_DETACH);
            checked(result, "umount", target, captured);
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    private static MethodHandle call(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, CAPTURE);
    }

    private static long checked(long result, String call, Path path, MemorySegment captured) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(call, path, (int) ERRNO.get(captured, 0L));
        }
        return result;
    }

    private static ErrnoException rethrown(Throwable failure) throws ErrnoException {
        return switch (failure) {
            case ErrnoException errno -> errno;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        };
    }
}
