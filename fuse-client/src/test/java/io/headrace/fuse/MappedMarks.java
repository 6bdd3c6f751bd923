package io.headrace.fuse;

import io.headrace.testing.ChildJvm;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A program of its own (see {@link MappingReader}) that looks for {@link TemporaryStore#mark marks} in a mapped file. */
final class MappedMarks {
    private MappedMarks() {}

    static List<String> command(Path mapped, long... offsets) {
        return ChildJvm.command(
                MappedMarks.class,
                Stream.concat(
                                Stream.of(mapped.toString()),
                                Arrays.stream(offsets).mapToObj(Long::toString))
                        .toArray(String[]::new));
    }

    public static void main(String[] arguments) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(arguments[0]));
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            for (int i = 1; i < arguments.length; i++) {
                long offset = Long.parseLong(arguments[i]);
                if (!mapped.asSlice(offset, 8).asByteBuffer().equals(TemporaryStore.mark(offset))) {
                    System.out.println("another mark at " + offset);
                    return;
                }
            }
            System.out.println("all marks are there");
        }
    }
}
