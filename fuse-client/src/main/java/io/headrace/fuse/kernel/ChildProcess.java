package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.headrace.protocol.unix.NativeFunctions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Starts a process that inherits chosen descriptors, which {@link ProcessBuilder} cannot do: by {@code posix_spawn},
 * with every other descriptor closed where the C library can (glibc 2.34 and newer).
 */
public final class ChildProcess {
    /** Sizes of the opaque structures are 80 and 336 bytes in glibc and musl; more is harmless. */
    private static final long OPAQUE_BYTES = 1024;

    private static final short POSIX_SPAWN_SETSID = 0x80;

    private static final MethodHandle SPAWN =
            NativeFunctions.plain("posix_spawnp", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ACTIONS_INIT =
            NativeFunctions.plain("posix_spawn_file_actions_init", JAVA_INT, ADDRESS);
    private static final MethodHandle ACTIONS_DESTROY =
            NativeFunctions.plain("posix_spawn_file_actions_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle ADD_DUP2 =
            NativeFunctions.plain("posix_spawn_file_actions_adddup2", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final Optional<MethodHandle> ADD_CLOSE_FROM =
            NativeFunctions.optional("posix_spawn_file_actions_addclosefrom_np", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle ATTRIBUTES_INIT =
            NativeFunctions.plain("posix_spawnattr_init", JAVA_INT, ADDRESS);
    private static final MethodHandle SET_FLAGS =
            NativeFunctions.plain("posix_spawnattr_setflags", JAVA_INT, ADDRESS, JAVA_SHORT);
    private static final MethodHandle WAITPID =
            NativeFunctions.capturing("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private ChildProcess() {}

    /**
     * Starts {@code command} in a session of its own.
     *
     * @param inherited the child's descriptor numbers and, for each, the caller's (all at least 64: see
     *     {@link Libc#duplicateHigh}); 0, 1 and 2 are inherited as they are when not named
     * @param environment added to the caller's own
     * @return the child's process id; the caller reaps it by {@link #reap}
     */
    public static int start(List<String> command, Map<String, String> environment, Map<Integer, Integer> inherited)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
            MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
            MemorySegment child = arena.allocate(JAVA_INT);
            Map<String, String> variables = new TreeMap<>(System.getenv());
            variables.putAll(environment);
            MemorySegment arguments = strings(arena, command);
            MemorySegment settings = strings(
                    arena,
                    variables.entrySet().stream()
                            .map(variable -> variable.getKey() + "=" + variable.getValue())
                            .toList());
            int failure = spawn(new Prepared(child, actions, attributes, arguments, settings), inherited);
            if (failure != 0) {
                throw new IOException("cannot start " + command.getFirst() + ": " + Errno.describe(failure));
            }
            return child.get(JAVA_INT, 0);
        }
    }

    /**
     * Waits for a child and takes its status.
     *
     * @return the exit status, 128 + n for a death by signal n; empty when there is no such child (any more)
     */
    public static Optional<Integer> reap(int child) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            long waited;
            do {
                MemorySegment captured = NativeFunctions.captured();
                waited = NativeFunctions.resultOf((int) WAITPID.invokeExact(captured, child, status, 0), captured);
            } while (waited == -Errno.EINTR);
            if (waited != child) {
                return Optional.empty();
            }
            int word = status.get(JAVA_INT, 0);
            int signal = word & 0x7f;
            return Optional.of(signal == 0 ? (word >> 8) & 0xff : 128 + signal);
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    private record Prepared(
            MemorySegment child,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {}

    private static int spawn(Prepared process, Map<Integer, Integer> inherited) {
        try {
            check((int) ACTIONS_INIT.invokeExact(process.actions));
            check((int) ATTRIBUTES_INIT.invokeExact(process.attributes));
            check((int) SET_FLAGS.invokeExact(process.attributes, POSIX_SPAWN_SETSID));
            int first = 3;
            for (Map.Entry<Integer, Integer> wanted : inherited.entrySet()) {
                int theirs = wanted.getKey();
                int ours = wanted.getValue();
                check((int) ADD_DUP2.invokeExact(process.actions, ours, theirs));
                first = Math.max(first, theirs + 1);
            }
            if (ADD_CLOSE_FROM.isPresent()) {
                check((int) ADD_CLOSE_FROM.get().invokeExact(process.actions, first));
            }
            MemorySegment program = process.arguments.get(ADDRESS, 0).reinterpret(Integer.MAX_VALUE);
            int failure = (int) SPAWN.invokeExact(
                    process.child,
                    program,
                    process.actions,
                    process.attributes,
                    process.arguments,
                    process.environment);
            check((int) ACTIONS_DESTROY.invokeExact(process.actions));
            return failure;
        } catch (Throwable thrown) {
            throw NativeFunctions.broken(thrown);
        }
    }

    private static void check(int failure) {
        if (failure != 0) {
            throw new IllegalStateException("cannot prepare a child process: " + Errno.describe(failure));
        }
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment pointers = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        pointers.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
        return pointers;
    }
}
