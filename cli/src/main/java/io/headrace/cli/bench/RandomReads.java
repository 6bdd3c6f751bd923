package io.headrace.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Reads of 4 KiB at random places, of which a longer file gets more. Never ends by itself. */
final class RandomReads implements Reads {
    private static final int READ_BYTES = 4096;

    /** The longest; each thread has all of them open. */
    private static final int MOST_FILES = 64;

    private final SplittableRandom random;
    private final TreeMap<Long, BenchFile> byFirstPage = new TreeMap<>();
    private final Map<Path, FileChannel> channels = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final long pages;
    private Path path = Path.of("");

    /** @param files of a page at least */
    RandomReads(List<BenchFile> files, SplittableRandom random) {
        this.random = random;
        long counted = 0;
        for (BenchFile file : files.stream()
                .sorted(Comparator.comparingLong(BenchFile::lengthBytes).reversed())
                .limit(MOST_FILES)
                .toList()) {
            byFirstPage.put(counted, file);
            counted += file.lengthBytes() / READ_BYTES;
        }
        this.pages = counted;
    }

    @Override
    public int next() throws IOException {
        long page = random.nextLong(pages);
        Map.Entry<Long, BenchFile> file = byFirstPage.floorEntry(page);
        path = file.getValue().path();
        FileChannel channel = channels.get(path);
        if (channel == null) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            channels.put(path, channel);
        }
        int count = channel.read(buffer.clear(), (page - file.getKey()) * READ_BYTES);
        if (count < 0) {
            throw new EOFException("it became shorter while it was read");
        }
        return count;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
    }
}
