package io.headrace.store.eviction;

import io.headrace.protocol.MountId;
import io.headrace.store.DataSetUsage;
import io.headrace.store.Quota;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the mounts keep in one tier, and which of them share a quota. Thread-safe. */
final class DataSets {
    private final ConcurrentHashMap<MountId, MountUse> uses = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<MountId, Limited> limited = new ConcurrentHashMap<>();

    /** A data set with a quota. */
    final class Limited {
        private final Set<MountId> mounts;
        private final Quota quota;

        Limited(Set<MountId> mounts, Quota quota) {
            this.mounts = Set.copyOf(mounts);
            this.quota = quota;
        }

        Quota quota() {
            return quota;
        }

        boolean owns(CacheEntry entry) {
            return mounts.contains(entry.mount());
        }

        boolean exceeds(long bytes, long objects) {
            DataSetUsage now = usage(mounts);
            return now.bytes() > bytes || now.objects() > objects;
        }
    }

    MountUse of(MountId mount) {
        return uses.computeIfAbsent(mount, fresh -> new MountUse());
    }

    Optional<Limited> limitOf(MountId mount) {
        return Optional.ofNullable(limited.get(mount));
    }

    Limited limit(Set<MountId> mounts, Quota quota) {
        Limited fresh = new Limited(mounts, quota);
        mounts.forEach(mount -> limited.put(mount, fresh));
        return fresh;
    }

    DataSetUsage usage(Set<MountId> mounts) {
        long bytes = 0;
        long objects = 0;
        for (MountId mount : mounts) {
            MountUse use = uses.get(mount);
            if (use != null) {
                bytes += use.bytes().get();
                objects += use.objects().get();
            }
        }
        return new DataSetUsage(bytes, objects);
    }
}
