package io.headrace.benchmarks.endtoend;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** The ways in which programs read files. Buffers are page aligned: an unaligned one hides every difference. */
public final class Reads {
    private static final int PAGE = 4096;

    private Reads() {}

    /** Reads the file from start to end by {@code read(2)} calls of this size. */
    public static Timing sequential(Path file, int chunkBytes) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = arena.allocate(chunkBytes, PAGE).asByteBuffer();
            Stopwatch stopwatch = Stopwatch.start();
            long total = 0;
            while (true) {
                buffer.clear();
                int read = channel.read(buffer);
                if (read < 0) {
                    return stopwatch.stop(total);
                }
                total += read;
            }
        }
    }

    /** Reads {@code count} pages at random places. */
    public static Timing random(Path file, int count, long seed) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = arena.allocate(PAGE, PAGE).asByteBuffer();
            SplittableRandom random = new SplittableRandom(seed);
            long pages = channel.size() / PAGE;
            Stopwatch stopwatch = Stopwatch.start();
            for (int i = 0; i < count; i++) {
                buffer.clear();
                if (channel.read(buffer, random.nextLong(pages) * PAGE) != PAGE) {
                    throw new EOFException(file + " is shorter than it was");
                }
            }
            return stopwatch.stop((long) count * PAGE);
        }
    }

    /** Maps the file, shared, and reads one byte of every page in order. */
    public static Timing mappedPages(Path file) throws IOException {
        return mapped(file, PAGE);
    }

    /** Maps the file, shared, and reads every byte in order, eight at a time, as a loader that copies tensors does. */
    public static Timing mappedWhole(Path file) throws IOException {
        return mapped(file, Long.BYTES);
    }

    private static Timing mapped(Path file, int stride) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            Stopwatch stopwatch = Stopwatch.start();
            MemorySegment mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            long sum = stride == PAGE ? sumOfPages(mapping) : sumOfWords(mapping);
            Timing timing = stopwatch.stop(size);
            return sum == 42 ? timing.withBytes(size) : timing;
        }
    }

    private static long sumOfPages(MemorySegment mapping) {
        long sum = 0;
        for (long at = 0; at < mapping.byteSize(); at += PAGE) {
            sum += mapping.get(ValueLayout.JAVA_BYTE, at);
        }
        return sum;
    }

    private static long sumOfWords(MemorySegment mapping) {
        long sum = 0;
        for (long at = 0; at + Long.BYTES <= mapping.byteSize(); at += Long.BYTES) {
            sum += mapping.get(ValueLayout.JAVA_LONG, at);
        }
        return sum;
    }
}
