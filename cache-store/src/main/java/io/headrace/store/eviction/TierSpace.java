package io.headrace.store.eviction;

import io.headrace.protocol.MountId;
import io.headrace.store.DataSetUsage;
import io.headrace.store.Quota;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of one tier: never more than its capacity, nor than its disk can hold, nor, of a data set, than its quota.
 * Thread-safe.
 */
public final class TierSpace {
    private static final Logger log = LoggerFactory.getLogger(TierSpace.class);

    /** Evicting goes on to this share of the capacity, so that it is done in batches. */
    private static final double LOW_WATERMARK = 0.98;

    private static final long ROOM_SAMPLE_BYTES = 64 << 20;

    /** So many victims in a row that may not go end a search. */
    private static final int MOST_REFUSALS = 1000;

    private final double keptShare;
    private final LongSupplier diskRoom;
    private final EvictionPolicy policy;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();
    private final AtomicLong sampledAt = new AtomicLong(Long.MIN_VALUE);
    private final DataSets dataSets = new DataSets();
    private volatile long capacityBytes;
    private volatile long limit;

    /** @param diskRoom how many more bytes the disk can take; sampled now and then */
    public TierSpace(long capacityBytes, LongSupplier diskRoom, EvictionPolicy policy) {
        this(capacityBytes, 0, diskRoom, policy);
    }

    /** @param keptShare how much of what is restored the capacity grows by: it was given of what was free beside that */
    public TierSpace(long capacityBytes, double keptShare, LongSupplier diskRoom, EvictionPolicy policy) {
        this.capacityBytes = capacityBytes;
        this.keptShare = keptShare;
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

    /** Takes bytes, evicting others where there is no room, or no room in the data set's quota; false when too few may go. */
    public boolean reserve(MountId mount, long bytes) {
        AtomicLong ofMount = dataSets.of(mount).bytes();
        ofMount.addAndGet(bytes);
        if (fitsQuota(mount) && reserve(bytes)) {
            return true;
        }
        ofMount.addAndGet(-bytes);
        return false;
    }

    /**
     * Makes room for one more object of a data set with a quota; false when too few may go. Objects that arrive at once may
     * exceed the quota by their number, until the next one.
     */
    public boolean makeRoomForObject(MountId mount) {
        Optional<DataSets.Limited> set = dataSets.limitOf(mount);
        return set.isEmpty()
                || evictFrom(set.get(), Long.MAX_VALUE, set.get().quota().objects() - 1);
    }

    public void addObjects(MountId mount, long count) {
        dataSets.of(mount).objects().addAndGet(count);
    }

    /** Counts bytes that are kept already, when a store is opened; one thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void restore(MountId mount, long bytes) {
        dataSets.of(mount).bytes().addAndGet(bytes);
        used.addAndGet(bytes);
        capacityBytes += (long) (keptShare * bytes);
        limit = capacityBytes;
    }

    public void release(MountId mount, long bytes) {
        dataSets.of(mount).bytes().addAndGet(-bytes);
        used.addAndGet(-bytes);
    }

    /** Limits the mounts, together, and evicts what exceeds the quota. */
    public void limit(Set<MountId> mounts, Quota quota) {
        DataSets.Limited set = dataSets.limit(mounts, quota);
        boolean fits = evictFrom(set, quota.bytes(), quota.objects());
        log.debug("{} may keep {}; fits: {}", mounts, quota, fits);
    }

    public Quota quotaOf(MountId mount) {
        return dataSets.limitOf(mount).map(DataSets.Limited::quota).orElse(Quota.NONE);
    }

    public DataSetUsage usage(Set<MountId> mounts) {
        return dataSets.usage(mounts);
    }

    /** Evicts this many bytes, or as many as may go; for a disk that turned out to be full. */
    public void evict(long bytes) {
        evictTo(used.get() - bytes);
    }

    private boolean reserve(long bytes) {
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

    private boolean fitsQuota(MountId mount) {
        Optional<DataSets.Limited> set = dataSets.limitOf(mount);
        if (set.isEmpty()) {
            return true;
        }
        long most = set.get().quota().bytes();
        return !set.get().exceeds(most, Long.MAX_VALUE)
                || evictFrom(set.get(), (long) (most * LOW_WATERMARK), Long.MAX_VALUE)
                || !set.get().exceeds(most, Long.MAX_VALUE);
    }

    private boolean evictFrom(DataSets.Limited set, long bytes, long objects) {
        int refused = 0;
        while (set.exceeds(bytes, objects) && refused < MOST_REFUSALS) {
            Optional<CacheEntry> victim = policy.victim(set::owns);
            if (victim.isEmpty()) {
                break;
            }
            boolean whole = set.exceeds(Long.MAX_VALUE, objects);
            refused = evict(victim.get(), whole) ? 0 : refused + 1;
        }
        return !set.exceeds(bytes, objects);
    }

    private boolean evictTo(long target) {
        for (int tries = policy.size(); tries > 0 && used.get() > target; tries--) {
            Optional<CacheEntry> victim = policy.victim();
            if (victim.isEmpty()) {
                break;
            }
            evict(victim.get(), false);
        }
        return used.get() <= target;
    }

    private boolean evict(CacheEntry victim, boolean whole) {
        boolean gone = false;
        try {
            gone = whole ? victim.tryEvictObject() : victim.tryEvict();
        } catch (IOException e) {
            log.warn("could not evict", e);
        }
        if (gone) {
            evicted.addAndGet(victim.bytes());
        } else if (!victim.isGone()) {
            policy.spare(victim);
        }
        return gone;
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
