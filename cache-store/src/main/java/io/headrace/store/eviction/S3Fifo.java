package io.headrace.store.eviction;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache eviction", SOSP 2023): new entries
 * pass a small queue, a tenth of the bytes; those used again there go on to the main queue, the others leave and are
 * remembered in a ghost queue, from which they return to the main queue at once. In the main queue a used entry gets
 * another round for each use, up to three. A hit is one counter in the entry, without a lock.
 */
public final class S3Fifo implements EvictionPolicy {
    private static final int SMALL_QUEUE_SHARE = 10;

    // All guarded by this.
    private final EntryQueue small = new EntryQueue();
    private final EntryQueue main = new EntryQueue();
    private final LinkedHashSet<Long> ghosts = new LinkedHashSet<>();

    @Override
    public synchronized void admit(CacheEntry entry) {
        boolean returned = ghosts.remove(entry.key());
        (returned ? main : small).add(entry);
    }

    @Override
    public synchronized void remove(CacheEntry entry) {
        EntryQueue queue = entry.queue;
        if (queue != null) {
            queue.remove(entry);
        }
    }

    @Override
    public synchronized Optional<CacheEntry> victim() {
        boolean fromSmall = small.bytes() * SMALL_QUEUE_SHARE > small.bytes() + main.bytes();
        Optional<CacheEntry> victim = fromSmall ? fromSmall() : Optional.empty();
        return victim.or(this::fromMain).or(this::fromSmall);
    }

    @Override
    public synchronized Optional<CacheEntry> victim(Predicate<CacheEntry> wanted) {
        @Nullable CacheEntry next;
        for (CacheEntry entry = small.oldest(); entry != null; entry = next) {
            next = entry.newer;
            if (wanted.test(entry) && leavesSmall(entry)) {
                return Optional.of(entry);
            }
        }
        for (int round = 0; round <= CacheEntry.MOST_USES; round++) {
            CacheEntry newest = main.newest();
            for (CacheEntry entry = main.oldest(); entry != null; entry = next) {
                next = entry.equals(newest) ? null : entry.newer;
                if (wanted.test(entry) && leavesMain(entry)) {
                    return Optional.of(entry);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized void spare(CacheEntry entry) {
        main.add(entry);
    }

    @Override
    public synchronized int size() {
        return small.size() + main.size();
    }

    private Optional<CacheEntry> fromSmall() {
        for (CacheEntry entry = small.oldest(); entry != null; entry = small.oldest()) {
            if (leavesSmall(entry)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private Optional<CacheEntry> fromMain() {
        for (CacheEntry entry = main.oldest(); entry != null; entry = main.oldest()) {
            if (leavesMain(entry)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** An entry at its turn in the small queue goes, or moves to the main queue when it was used. */
    private boolean leavesSmall(CacheEntry entry) {
        small.remove(entry);
        if (entry.uses() == 0) {
            remember(entry.key());
            return true;
        }
        entry.setUses(0);
        main.add(entry);
        return false;
    }

    /** An entry at its turn in the main queue goes, or stands behind all others for one use less. */
    private boolean leavesMain(CacheEntry entry) {
        main.remove(entry);
        int uses = entry.uses();
        if (uses == 0) {
            return true;
        }
        entry.setUses(uses - 1);
        main.add(entry);
        return false;
    }

    private void remember(long key) {
        ghosts.add(key);
        while (ghosts.size() > Math.max(16, small.size() + main.size())) {
            ghosts.removeFirst();
        }
    }
}
