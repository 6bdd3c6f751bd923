package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Opens, reads and closes files of a tree at random. */
record SmallReads(Path root, List<String> names) {
    private static final int BUFFER = 1 << 20;

    SmallReads in(Path otherRoot) {
        return new SmallReads(otherRoot, names);
    }

    double filesPerSecond(int count, long seed) throws IOException {
        return count / read(count, seed).seconds();
    }

    Timing read(int count, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer buffer = arena.allocate(BUFFER, 4096).asByteBuffer();
            Stopwatch stopwatch = Stopwatch.start();
            long total = 0;
            for (int i = 0; i < count; i++) {
                try (FileChannel channel = FileChannel.open(root.resolve(names.get(random.nextInt(names.size()))))) {
                    for (int read = 0; read >= 0; read = channel.read(buffer.clear())) {
                        total += read;
                    }
                }
            }
            return stopwatch.stop(total);
        }
    }
}
