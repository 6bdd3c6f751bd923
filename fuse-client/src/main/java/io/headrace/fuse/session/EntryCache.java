package io.headrace.fuse.session;

import io.headrace.protocol.Entry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Recently seen entries by id, in a table of fixed size where a newer entry displaces an older one. An id means one
 * content for ever, so an entry in it can be outdated (removed), never wrong; {@link #drop} is called for those.
 */
final class EntryCache {
    private static final int SLOTS = 1 << 14;

    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(SLOTS);

    Optional<Entry> find(long id) {
        Entry entry = entries.getAcquire(slot(id));
        return entry != null && entry.id() == id ? Optional.of(entry) : Optional.empty();
    }

    void keep(Entry entry) {
        entries.setRelease(slot(entry.id()), entry);
    }

    void drop(long id) {
        int slot = slot(id);
        Entry entry = entries.getAcquire(slot);
        if (entry != null && entry.id() == id) {
            entries.compareAndSet(slot, entry, null);
        }
    }

    void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            entries.setRelease(slot, null);
        }
    }

    /** Fibonacci hashing: neighbouring ids, which a directory's files have, fall into different slots. */
    private static int slot(long id) {
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> 50);
    }
}
