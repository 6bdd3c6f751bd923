package io.headrace.store.eviction;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of one tier: never more than its capacity, nor than its disk can hold. Thread-safe.
 */
public final class TierSpace {
    private static final Logger log = LoggerFactory.getLogger(TierSpace.class);

    /** Evicting goes on to this share of the capacity, so that it is done in batches. */
    private static final double LOW_WATERMARK = 0.98;

    private static final long ROOM_SAMPLE_BYTES = 64 << 20;

    private final long capacityBytes;
    private final LongSupplier diskRoom;
    private final EvictionPolicy policy;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();
    private final AtomicLong sampledAt = new AtomicLong(Long.MIN_VALUE);
    private volatile long limit;

    /** @param diskRoom how many more bytes the disk can take; sampled now and then */
    public TierSpace(long capacityBytes, LongSupplier diskRoom, EvictionPolicy policy) {
        this.capacityBytes = capacityBytes;
        this.diskRoom = diskRoom;
        this.policy = policy;
        this.limit = capacityBytes;
    }

    public long capacityBytes() {
        return capacityBytes;
    }

    public long usedBytes() {
        return used.get();
    }

    public long evictedBytes() {
        return evicted.get();
    }

    public EvictionPolicy policy() {
        return policy;
    }

    /** Takes bytes, evicting others where there is no room; false when too few may go. */
    public boolean reserve(long bytes) {
        sampleDisk(bytes);
        if (bytes > limit) {
            return false;
        }
        while (true) {
            long before = used.get();
            if (before + bytes > limit) {
                if (!evictTo(Math.min((long) (limit * LOW_WATERMARK), limit - bytes)) && used.get() + bytes > limit) {
                    return false;
                }
            } else if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Counts bytes that are kept already, when a store is opened. */
    public void restore(long bytes) {
        used.addAndGet(bytes);
    }

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Evicts this many bytes, or as many as may go; for a disk that turned out to be full. */
    public void evict(long bytes) {
        evictTo(used.get() - bytes);
    }

    private boolean evictTo(long target) {
        for (int tries = policy.size(); tries > 0 && used.get() > target; tries--) {
            Optional<CacheEntry> victim = policy.victim();
            if (victim.isEmpty()) {
                break;
            }
            long bytes = victim.get().bytes();
            if (evicted(victim.get())) {
                evicted.addAndGet(bytes);
            } else if (!victim.get().isGone()) {
                policy.spare(victim.get());
            }
        }
        return used.get() <= target;
    }

    private static boolean evicted(CacheEntry victim) {
        try {
            return victim.tryEvict();
        } catch (IOException e) {
            log.warn("could not evict", e);
            return false;
        }
    }

    private void sampleDisk(long bytes) {
        long now = used.get();
        long last = sampledAt.get();
        boolean due =
                last == Long.MIN_VALUE || Math.abs(now - last) + bytes >= ROOM_SAMPLE_BYTES || limit < capacityBytes;
        if (due && sampledAt.compareAndSet(last, now)) {
            limit = Math.clamp(now + diskRoom.getAsLong(), 0, capacityBytes);
        }
    }
}
