package io.headrace.worker.serve;

import io.headrace.protocol.cluster.PlacementKey;
import io.headrace.store.CachedFile;
import java.util.concurrent.atomic.AtomicInteger;

/** A file of one connection: closed when its number is free and no read uses it any more. Thread-safe. */
final class ServedFile {
    private final CachedFile file;
    private final PlacementKey key;
    private final StoreReads reads;
    private final AtomicInteger uses = new AtomicInteger(1);

    /** Takes over the file, and one use of the table of files; the number is the first use. */
    ServedFile(CachedFile file, StoreReads reads) {
        this.file = file;
        this.key = PlacementKey.of(file.version());
        this.reads = reads;
    }

    CachedFile file() {
        return file;
    }

    PlacementKey key() {
        return key;
    }

    /** For the connection only, while the number is bound. */
    ServedFile use() {
        uses.incrementAndGet();
        return this;
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            reads.close(file);
        }
    }
}
