package io.headrace.fuse;

import io.headrace.testing.ChildJvm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program of its own that compares a mapped file with another. A virtual machine must not map a file that it serves
 * itself: its thread would wait for the page without being at a safepoint, and the threads that answer for that thread.
 */
final class MappingReader {
    private MappingReader() {}

    static List<String> command(Path mapped, Path expected) {
        return ChildJvm.command(MappingReader.class, mapped.toString(), expected.toString());
    }

    public static void main(String[] paths) throws IOException {
        byte[] expected = Files.readAllBytes(Path.of(paths[1]));
        try (FileChannel channel = FileChannel.open(Path.of(paths[0]));
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            System.out.println("mismatch at " + mapped.mismatch(MemorySegment.ofArray(expected)));
        }
    }
}
