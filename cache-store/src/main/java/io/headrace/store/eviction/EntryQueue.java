package io.headrace.store.eviction;

import org.jspecify.annotations.Nullable;

/** A queue that entries leave from anywhere at no cost: the links are in the entries. Guarded by its policy's lock. */
final class EntryQueue {
    private @Nullable CacheEntry oldest;
    private @Nullable CacheEntry newest;
    private long bytes;
    private int size;

    long bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    @Nullable
    CacheEntry oldest() {
        return oldest;
    }

    @Nullable
    CacheEntry newest() {
        return newest;
    }

    void add(CacheEntry entry) {
        entry.queue = this;
        entry.older = newest;
        entry.newer = null;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
        bytes += entry.bytes();
        size++;
    }

    void remove(CacheEntry entry) {
        CacheEntry older = entry.older;
        CacheEntry newer = entry.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        entry.queue = null;
        entry.older = null;
        entry.newer = null;
        bytes -= entry.bytes();
        size--;
    }
}
