package io.headrace.store.eviction;

import io.headrace.protocol.MountId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something that is kept and can be evicted: a block, or a slab of small files. */
public abstract class CacheEntry {
    static final int MOST_USES = 3;

    private final MountId mount;
    private final long bytes;
    private final long key;
    private volatile int uses;

    // Belong to the policy, guarded by its lock.
    @Nullable
    EntryQueue queue;

    @Nullable
    CacheEntry older;

    @Nullable
    CacheEntry newer;

    /** @param key equal for the same bytes when they are kept again */
    protected CacheEntry(MountId mount, long bytes, long key) {
        this.mount = mount;
        this.bytes = bytes;
        this.key = key;
    }

    public final MountId mount() {
        return mount;
    }

    public final long bytes() {
        return bytes;
    }

    final long key() {
        return key;
    }

    /** Counts a use, up to three. Racing readers may lose a count, which costs nothing but precision. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public final void touch() {
        if (uses < MOST_USES) {
            uses++;
        }
    }

    final int uses() {
        return uses;
    }

    final void setUses(int count) {
        uses = count;
    }

    /** Its bytes were taken away by other means: a policy that still has it drops it. */
    protected abstract boolean isGone();

    /**
     * Takes the bytes away and releases their space; called without the policy's lock.
     *
     * @return false when it may not go now: pinned, in use or handed out
     */
    protected abstract boolean tryEvict() throws IOException;

    /** The same for the whole object of which it is a part. */
    protected boolean tryEvictObject() throws IOException {
        return tryEvict();
    }
}
