package io.headrace.cli.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Maps portions, and copies their pages out in order. The mount, if it is one, must be another process's: a page fault is no
 * safepoint, so a collection here waits for the page, and whoever brings the page must not wait for the collection.
 */
final class MappedReads implements Reads {
    private static final int COPY_BYTES = 1 << 20;

    private final Queue<Portion> left;
    private final MemorySegment target = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(COPY_BYTES));
    private Path path = Path.of("");
    private @Nullable Arena mapping;
    private MemorySegment mapped = MemorySegment.NULL;
    private long at;

    /** For the thread that makes it. */
    MappedReads(Queue<Portion> left) {
        this.left = left;
    }

    @Override
    public int next() throws IOException {
        if (at == mapped.byteSize() && !mapNext()) {
            return 0;
        }
        int count = (int) Math.min(COPY_BYTES, mapped.byteSize() - at);
        try {
            MemorySegment.copy(mapped, at, target, 0, count);
        } catch (InternalError fault) {
            // How Java reports SIGBUS in a mapping.
            throw new IOException("a page could not be had; the log of its mount says why", fault);
        }
        at += count;
        return count;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        unmap();
    }

    @SuppressWarnings("MustBeClosedChecker") // This object owns the arena and closes it before the next portion.
    private boolean mapNext() throws IOException {
        unmap();
        Portion portion = left.poll();
        if (portion == null) {
            return false;
        }
        path = portion.path();
        Arena arena = Arena.ofConfined();
        mapping = arena;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            mapped = channel.map(
                    FileChannel.MapMode.READ_ONLY,
                    portion.range().offset(),
                    portion.range().length(),
                    arena);
        }
        return true;
    }

    private void unmap() {
        Arena arena = mapping;
        mapping = null;
        mapped = MemorySegment.NULL;
        at = 0;
        if (arena != null) {
            arena.close();
        }
    }
}
