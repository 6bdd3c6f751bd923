package io.headrace.store.packed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteRange;
import io.headrace.store.eviction.CacheEntry;
import io.headrace.store.tier.TierFile;
import java.io.IOException;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One file of many small ones, appended to until it is full. Pinned by those who read or write in it; goes whole when
 * nobody does. Thread-safe. A page goes before the slab does, when no file lies in it.
 */
final class Slab extends CacheEntry {
    /** Small enough to waste little, large enough for few bits. */
    private static final int VERIFIED_GRAIN = 64;

    private static final int GONE = Integer.MIN_VALUE / 2;

    private final PackedFiles owner;
    private final long number;
    private final TierFile file;
    private final int slabBytes;
    private final boolean fromBefore;
    private final long filesBefore;
    private final AtomicInteger pins = new AtomicInteger();
    private final BitSet verified = new BitSet();

    /** Absent while it is as it was before the restart: nothing was dropped since. */
    @GuardedBy("this")
    private @Nullable SlabPages pages;

    @GuardedBy("this")
    private int appendedBytes;

    /** What counts as used for this slab. */
    @GuardedBy("this")
    private long accountedBytes;

    private Slab(PackedFiles owner, SlabRecord known, TierFile file, int slabBytes, boolean fromBefore) {
        super(known.mount(), slabBytes, known.number());
        this.owner = owner;
        this.number = known.number();
        this.file = file;
        this.slabBytes = slabBytes;
        this.fromBefore = fromBefore;
        this.accountedBytes = Math.max(0, known.bytes());
        this.filesBefore = Math.max(0, known.files());
    }

    static Slab fresh(PackedFiles owner, SlabRecord known, TierFile file, int slabBytes) {
        Slab slab = new Slab(owner, known, file, slabBytes, false);
        slab.count(new SlabPages(slabBytes));
        return slab;
    }

    /** Written before the restart: full, and each file in it is verified before it is first served. */
    static Slab restored(PackedFiles owner, SlabRecord known, TierFile file, int slabBytes) {
        Slab slab = new Slab(owner, known, file, slabBytes, true);
        slab.seal();
        return slab;
    }

    long number() {
        return number;
    }

    TierFile file() {
        return file;
    }

    int slabBytes() {
        return slabBytes;
    }

    /** Takes room at the end for a file; empty when too little is left. */
    synchronized OptionalLong take(int bytes) {
        SlabPages counted = pages;
        if (counted == null || bytes > slabBytes - appendedBytes) {
            return OptionalLong.empty();
        }
        long offset = appendedBytes;
        counted.occupy(new ByteRange(offset, bytes));
        appendedBytes += bytes;
        accountedBytes += bytes;
        return OptionalLong.of(offset);
    }

    /** Nothing is appended any more. */
    synchronized void seal() {
        appendedBytes = slabBytes;
    }

    /** Whether its pages are counted, so that files can be given back. */
    synchronized boolean isCounted() {
        return pages != null;
    }

    synchronized void count(SlabPages counted) {
        pages = counted;
    }

    /** A file's extent is given back: the pages that can be punched, which count as free from now on; may be empty. */
    synchronized Vacated vacate(ByteRange extent) {
        SlabPages counted = pages;
        if (counted == null) {
            throw new IllegalStateException("slab " + number + " is not counted");
        }
        ByteRange free = counted.vacate(extent, appendedBytes);
        long bytes = Math.min(accountedBytes, free.length());
        accountedBytes -= bytes;
        return new Vacated(free, bytes);
    }

    /** @param bytes what they counted for; no more than the pages have */
    record Vacated(ByteRange pages, long bytes) {}

    synchronized long files() {
        return pages == null ? filesBefore : pages.files();
    }

    synchronized boolean holdsNothing() {
        return pages != null && pages.files() == 0;
    }

    synchronized SlabRecord counted() {
        return new SlabRecord(number, mount(), accountedBytes, files(), slabBytes);
    }

    synchronized long accountedBytes() {
        return accountedBytes;
    }

    synchronized void account(long bytes) {
        accountedBytes = bytes;
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
        int now = pins.decrementAndGet();
        if (now < 0) {
            throw new IllegalStateException("slab " + number + " was unpinned more often than pinned");
        }
    }

    int pins() {
        return Math.max(0, pins.get());
    }

    /** Claims it for removal: nobody pins it, nobody will. True for one caller. */
    boolean tryClaim() {
        return pins.compareAndSet(0, GONE);
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
        return !owner.holdsPinned(this) && owner.tryDrop(this);
    }
}
