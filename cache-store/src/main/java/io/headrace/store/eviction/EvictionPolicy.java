package io.headrace.store.eviction;

import java.util.Optional;
import java.util.function.Predicate;

/** The order in which entries go. Thread-safe; no entry evicts with a lock held. */
public interface EvictionPolicy {
    void admit(CacheEntry entry);

    /** The entry is gone for another reason than {@link #victim}; one that is not here is ignored. */
    void remove(CacheEntry entry);

    /** Takes out the entry that should go next; empty when there is none. */
    Optional<CacheEntry> victim();

    /**
     * Takes out the entry that should go next of those that {@code wanted} accepts, which is called with the policy's lock
     * held. Costs a step for each entry that is older.
     */
    Optional<CacheEntry> victim(Predicate<CacheEntry> wanted);

    /** Takes a victim back that could not go. */
    void spare(CacheEntry entry);

    int size();
}
