package io.headrace.cli.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Takes portions from a queue that other threads share, and reads each from its beginning to its end. */
final class SequentialReads implements Reads {
    private static final int READ_BYTES = 1 << 20;

    private final Queue<Portion> left;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private Path path = Path.of("");
    private @Nullable FileChannel channel;
    private long at;
    private long end;

    SequentialReads(Queue<Portion> left) {
        this.left = left;
    }

    @Override
    public int next() throws IOException {
        FileChannel from = channel;
        if (from == null || at == end) {
            close();
            Portion portion = left.poll();
            if (portion == null) {
                return 0;
            }
            path = portion.path();
            at = portion.range().offset();
            end = portion.range().end();
            from = FileChannel.open(path, StandardOpenOption.READ);
            channel = from;
        }
        int count = from.read(buffer.clear().limit((int) Math.min(READ_BYTES, end - at)), at);
        if (count < 0) {
            throw new EOFException("it became shorter while it was read");
        }
        at += count;
        return count;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
