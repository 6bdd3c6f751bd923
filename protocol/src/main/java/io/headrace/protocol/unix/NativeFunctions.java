package io.headrace.protocol.unix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

/** Finds functions of the C library; those that set {@code errno} take the segment that captures it first. */
public final class NativeFunctions {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    private NativeFunctions() {}

    public static MethodHandle capturing(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }

    public static MethodHandle plain(String name, MemoryLayout result, MemoryLayout... arguments) {
        return optional(name, result, arguments)
                .orElseThrow(() -> new IllegalStateException("this C library has no " + name));
    }

    public static Optional<MethodHandle> optional(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.defaultLookup()
                .find(name)
                .map(symbol -> LINKER.downcallHandle(symbol, FunctionDescriptor.of(result, arguments)));
    }

    /** Where the calling thread's next capturing call leaves its {@code errno}. */
    public static MemorySegment captured() {
        return CAPTURED.get();
    }

    /** The result of a call that returns -1 on failure: the result, or the negated {@code errno}. */
    public static long resultOf(long returned, MemorySegment captured) {
        return returned == -1 ? -(int) ERRNO.get(captured, 0L) : returned;
    }

    /** A downcall declares {@code Throwable} but a void of linkage errors throws none. */
    public static IllegalStateException broken(Throwable thrown) {
        return new IllegalStateException("a call into the C library did not link", thrown);
    }
}
