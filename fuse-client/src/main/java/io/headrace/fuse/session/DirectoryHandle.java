package io.headrace.fuse.session;

import io.headrace.fuse.kernel.DirectoryBlock;
import io.headrace.fuse.kernel.NodeReply;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * One opened directory. Offsets are stable: 0 is {@code "."}, 1 is {@code ".."}, {@code n + 2} is the n-th entry of the
 * snapshot. Reading again from offset 0 takes a new snapshot, as rewinddir(3) wants.
 */
final class DirectoryHandle implements AutoCloseable {
    private static final Bytes DOT = Bytes.utf8(".");
    private static final Bytes DOT_DOT = Bytes.utf8("..");
    private static final int DOTS = 2;

    private final Namespace namespace;
    private final long directoryId;
    private DirectoryCursor cursor;
    private long furthest;
    private Optional<Entry> held = Optional.empty();
    private long heldAt;

    DirectoryHandle(Namespace namespace, long directoryId) throws IOException {
        this.namespace = namespace;
        this.directoryId = directoryId;
        this.cursor = namespace.openDirectory(directoryId);
    }

    /** Fills a block with entries from {@code offset} on. */
    synchronized void read(long offset, DirectoryBlock block, Tree tree, Function<Entry, NodeReply> describe)
            throws IOException {
        if (offset <= 0 && !block.add(DOT, tree.dot(directoryId), 1)) {
            return;
        }
        if (offset <= 1) {
            long parent = namespace.parentOf(directoryId).orElse(Namespace.ROOT_ID);
            if (!block.add(DOT_DOT, tree.dot(parent), DOTS)) {
                return;
            }
        }
        long position = Math.max(0, offset - DOTS);
        moveTo(position, offset == 0);
        for (Optional<Entry> next = take(position); next.isPresent(); next = take(position)) {
            Entry entry = next.get();
            if (!block.add(entry.name().bytes(), describe.apply(entry), position + 1 + DOTS)) {
                held = next;
                heldAt = position;
                return;
            }
            position++;
        }
    }

    private Optional<Entry> take(long position) throws IOException {
        if (held.isPresent() && heldAt == position) {
            Optional<Entry> taken = held;
            held = Optional.empty();
            return taken;
        }
        Optional<Entry> next = cursor.next();
        furthest = Math.max(furthest, cursor.position());
        return next;
    }

    private void moveTo(long position, boolean rewind) throws IOException {
        if (held.isPresent() && heldAt == position) {
            return;
        }
        held = Optional.empty();
        if (rewind && furthest > 0) {
            cursor.close();
            cursor = namespace.openDirectory(directoryId);
            furthest = 0;
        }
        if (cursor.position() == position) {
            return;
        }
        // A cursor takes only positions that it gave itself; a successor's first cursor gave none yet.
        cursor.seek(Math.min(position, furthest));
        while (cursor.position() < position && cursor.next().isPresent()) {
            furthest = Math.max(furthest, cursor.position());
        }
    }

    @Override
    public synchronized void close() {
        cursor.close();
    }
}
