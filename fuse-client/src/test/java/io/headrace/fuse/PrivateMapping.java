package io.headrace.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.headrace.fuse.kernel.Libc;
import io.headrace.testing.ChildJvm;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program of its own (see {@link MappingReader}) that maps a file privately, writes into each page of the mapping, and
 * compares what it sees then, and what others see of the file, with another file. Java's own private mappings want a file
 * that is open for writing; mmap(2) does not.
 */
final class PrivateMapping {
    /** What it says when every byte is right. */
    static final String ALL_RIGHT = "mismatches: mapped -1, written -1, shared -1, read -1";

    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_PRIVATE = 2;
    private static final int PAGE_BYTES = 4096;

    private PrivateMapping() {}

    static List<String> command(Path mapped, Path expected) {
        return ChildJvm.command(PrivateMapping.class, mapped.toString(), expected.toString());
    }

    public static void main(String[] paths) throws Throwable {
        Path file = Path.of(paths[0]);
        byte[] expected = Files.readAllBytes(Path.of(paths[1]));
        MemorySegment mapping = map(file, expected.length);
        StringBuilder said = new StringBuilder("mismatches: mapped ").append(mismatch(mapping, expected));
        byte[] written = expected.clone();
        for (int at = 0; at < written.length; at += PAGE_BYTES) {
            written[at] = (byte) ~written[at];
            mapping.set(JAVA_BYTE, at, written[at]);
        }
        said.append(", written ").append(mismatch(mapping, written));
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            said.append(", shared ")
                    .append(mismatch(channel.map(MapMode.READ_ONLY, 0, expected.length, arena), expected));
        }
        said.append(", read ").append(mismatch(MemorySegment.ofArray(Files.readAllBytes(file)), expected));
        System.out.println(said);
    }

    private static long mismatch(MemorySegment found, byte[] expected) {
        return found.mismatch(MemorySegment.ofArray(expected));
    }

    /** Until the process ends. */
    private static MemorySegment map(Path file, long length) throws Throwable {
        MethodHandle mmap = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("mmap"),
                        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        int descriptor = Libc.open(file.toString(), Libc.O_CLOEXEC);
        MemorySegment mapped = (MemorySegment)
                mmap.invokeExact(MemorySegment.NULL, length, PROT_READ_WRITE, MAP_PRIVATE, descriptor, 0L);
        if (mapped.address() == -1) {
            throw new IllegalStateException("mmap failed on descriptor " + descriptor);
        }
        Libc.close(descriptor);
        return mapped.reinterpret(length);
    }
}
