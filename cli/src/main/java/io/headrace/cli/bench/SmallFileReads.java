package io.headrace.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;

/** Opens, reads whole and closes one file after the other, off a queue that other threads share. */
final class SmallFileReads implements Reads {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Queue<BenchFile> left;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private Path path = Path.of("");

    SmallFileReads(Queue<BenchFile> left) {
        this.left = left;
    }

    @Override
    public int next() throws IOException {
        BenchFile file = left.poll();
        if (file == null) {
            return 0;
        }
        path = file.path();
        int bytes = 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (int count = 0; count >= 0; count = channel.read(buffer.clear())) {
                bytes += count;
            }
        }
        if (bytes == 0) {
            throw new EOFException("it became empty");
        }
        return bytes;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() {}
}
