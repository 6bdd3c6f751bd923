package io.headrace.store.packed;

import io.headrace.store.eviction.CacheEntry;
import io.headrace.store.tier.TierFile;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One file of many small ones, appended to until it is full. Pinned by those who read or write in it; evicted whole when
 * nobody does. Thread-safe.
 */
final class Slab extends CacheEntry {
    /** Small enough to waste little, large enough for few bits. */
    private static final int VERIFIED_GRAIN = 64;

    private static final int GONE = Integer.MIN_VALUE / 2;

    private final PackedFiles owner;
    private final long number;
    private final TierFile file;
    private final boolean fromBefore;
    private final AtomicInteger pins = new AtomicInteger();
    private final AtomicLong accountedBytes = new AtomicLong();
    private final BitSet verified = new BitSet();

    /** @param fromBefore written before the restart, so that each file in it is verified before it is first served */
    Slab(PackedFiles owner, long number, TierFile file, long capacityBytes, boolean fromBefore) {
        super(capacityBytes, number);
        this.owner = owner;
        this.number = number;
        this.file = file;
        this.fromBefore = fromBefore;
    }

    long number() {
        return number;
    }

    TierFile file() {
        return file;
    }

    /** Bytes that count as used for this slab. */
    AtomicLong accountedBytes() {
        return accountedBytes;
    }

    boolean tryPin() {
        while (true) {
            int now = pins.get();
            if (now < 0) {
                return false;
            }
            if (pins.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    void unpin() {
        if (pins.decrementAndGet() < 0) {
            throw new IllegalStateException("slab " + number + " was unpinned more often than pinned");
        }
    }

    int pins() {
        return Math.max(0, pins.get());
    }

    boolean isUnsure(PackedPlace place) {
        if (!fromBefore) {
            return false;
        }
        synchronized (verified) {
            return !verified.get(place.offset() / VERIFIED_GRAIN);
        }
    }

    void confirm(PackedPlace place) {
        synchronized (verified) {
            verified.set(place.offset() / VERIFIED_GRAIN);
        }
    }

    @Override
    protected boolean isGone() {
        return pins.get() < 0;
    }

    @Override
    protected boolean tryEvict() throws IOException {
        if (owner.holdsPinned(this) || !pins.compareAndSet(0, GONE)) {
            return false;
        }
        owner.dropSlab(this);
        return true;
    }
}
