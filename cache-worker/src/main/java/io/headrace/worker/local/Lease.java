package io.headrace.worker.local;

import io.headrace.store.CachedFile;
import io.headrace.store.LeasedFile;
import java.io.IOException;
import java.util.BitSet;

/** A file that one client has on lease. For the client's thread. */
final class Lease {
    private final int number;
    private final CachedFile opened;
    private final LeasedFile file;
    private final LeaseTable table;
    private long counted;

    /** @param counted bytes that the table counts for it */
    Lease(int number, CachedFile opened, LeasedFile file, LeaseTable table, long counted) {
        this.number = number;
        this.opened = opened;
        this.file = file;
        this.table = table;
        this.counted = counted;
    }

    int number() {
        return number;
    }

    int descriptor() {
        return file.descriptor();
    }

    boolean has(int block) throws IOException {
        return file.has(block);
    }

    BitSet blocks() {
        return file.blocks();
    }

    boolean isCurrent() {
        return file.isCurrent();
    }

    /** Counts what came since; false when that is more than may be lent. */
    boolean recount() {
        long now = file.keptBytes();
        long more = Math.max(0, now - counted);
        counted += more;
        return table.grow(file.tier(), more);
    }

    /** The client has neither descriptor nor mapping any more. */
    void release() {
        file.close();
        ended();
    }

    /** It may read on. */
    void abandon() {
        file.abandon();
        ended();
    }

    private void ended() {
        table.end(file.tier(), counted);
        opened.close();
    }
}
