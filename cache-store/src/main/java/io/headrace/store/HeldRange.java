package io.headrace.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/** The parts of a range, in order; a use of its file. */
final class HeldRange implements PinnedBytes {
    private final StoredFile file;
    private final List<? extends HeldBytes> parts;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over the parts and one use of the file. */
    HeldRange(StoredFile file, List<? extends HeldBytes> parts) {
        this.file = file;
        this.parts = parts;
    }

    @Override
    public List<MemorySegment> segments() {
        if (parts.size() == 1) {
            return List.of(parts.getFirst().bytes());
        }
        return parts.stream().map(HeldBytes::bytes).toList();
    }

    @Override
    public OptionalInt fetchedCrc() throws IOException {
        return parts.size() == 1 ? parts.getFirst().fetchedCrc() : OptionalInt.empty();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            parts.forEach(HeldBytes::release);
            file.release();
        }
    }
}
