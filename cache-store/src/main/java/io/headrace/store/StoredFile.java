package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.store.flight.Flight;
import io.headrace.store.flight.FlightPlan;
import io.headrace.store.flight.FlightScheduler;
import io.headrace.store.flight.Passenger;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version that is open or of which something is kept: its copies in the tiers and its flights. Thread-safe.
 *
 * <p>Uses are open files, readers with pinned bytes, and flights. While there is one, mappings stay; when the last one
 * ends they go. The step from none to one and back is taken with the monitor held, all others without.
 */
final class StoredFile {
    private static final Logger log = LoggerFactory.getLogger(StoredFile.class);

    private final FileVersion version;
    private final List<CacheTier> tiers;
    private final FlightScheduler scheduler;
    private final Consumer<StoredFile> idle;
    private final AtomicReferenceArray<@Nullable TierCopy> copies;
    private final ConcurrentHashMap<Integer, Flight> flights = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<OpenFile> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger uses = new AtomicInteger();
    private volatile boolean pinned;
    private volatile @Nullable RangeSource source;

    /** Dropped from their tiers, and perhaps still read. */
    @GuardedBy("this")
    private final List<TierCopy> retired = new ArrayList<>();

    @GuardedBy("damaged")
    private final BitSet damaged = new BitSet();

    /** @param idle told when the last use has ended */
    StoredFile(FileVersion version, List<CacheTier> tiers, FlightScheduler scheduler, Consumer<StoredFile> idle) {
        this.version = version;
        this.tiers = tiers;
        this.scheduler = scheduler;
        this.idle = idle;
        this.copies = new AtomicReferenceArray<>(tiers.size());
    }

    FileVersion version() {
        return version;
    }

    boolean isPinned() {
        return pinned;
    }

    void setPinned(boolean wanted) {
        pinned = wanted;
    }

    boolean isIdle() {
        return uses.get() == 0;
    }

    void opened(OpenFile file, RangeSource from) {
        source = from;
        opened.add(file);
    }

    void closed(OpenFile file) {
        opened.remove(file);
        release();
    }

    void retain() {
        while (true) {
            int now = uses.get();
            if (now == 0) {
                synchronized (this) {
                    if (uses.getAndIncrement() == 0) {
                        copiesNow().forEach(TierCopy::reuse);
                    }
                    return;
                }
            }
            if (uses.compareAndSet(now, now + 1)) {
                return;
            }
        }
    }

    void release() {
        if (uses.decrementAndGet() > 0) {
            return;
        }
        synchronized (this) {
            if (uses.get() == 0) {
                settle();
            }
        }
        idle.accept(this);
    }

    /** Gives memory, descriptors and dropped copies back although there are uses: the store is closing. */
    synchronized void settle() {
        copiesNow().forEach(TierCopy::settle);
        retired.forEach(TierCopy::settle);
        retired.clear();
        copiesNow().forEach(this::dropIfEmpty);
    }

    /** Removes a copy of which no block is kept, when nobody uses it. */
    synchronized void dropIfEmpty(TierCopy copy) {
        if (isIdle() && copy.states().keptBlocks() == 0) {
            try {
                drop(copy);
            } catch (IOException e) {
                log.warn("could not remove the empty {}", copy.file().path(), e);
            }
        }
    }

    /** Drops all that is kept, but for what readers pin or others hold; the bytes freed now. */
    long evict() throws IOException {
        long freed = 0;
        for (TierCopy copy : copiesNow()) {
            freed += copy.mustGoWhole() ? 0 : copy.punchUnpinned();
            long rest = copy.keptBytes();
            drop(copy);
            freed += rest - copy.lingeringBytes();
        }
        return freed;
    }

    /** Reads all that is kept and compares it with its CRCs. */
    CheckResult check() throws IOException {
        Set<Integer> damagedNow = new TreeSet<>();
        long bytes = 0;
        for (TierCopy copy : copiesNow()) {
            for (int block = 0; block < copy.states().blocks(); block++) {
                if (copy.states().isKept(block)) {
                    bytes += Blocks.range(block, version.lengthBytes()).length();
                    if (!copy.check(block)) {
                        damagedNow.add(block);
                    }
                }
            }
        }
        return new CheckResult(bytes, List.copyOf(damagedNow));
    }

    InsufficientSpaceException insufficientSpace(int block) {
        CacheTier last = tiers.getLast();
        return new InsufficientSpaceException("block " + block + " of " + version + " cannot be kept in "
                + last.files().directory() + ": " + last.space().usedBytes() + " of "
                + last.space().capacityBytes() + " bytes are used and too few may be evicted, or its disk is full;"
                + " unpin something, free the disk or raise the capacity");
    }

    @Nullable
    TierCopy copyIn(CacheTier tier) {
        return copies.get(tiers.indexOf(tier));
    }

    synchronized TierCopy copyOrCreate(CacheTier tier) throws IOException {
        int at = tiers.indexOf(tier);
        TierCopy known = copies.get(at);
        if (known != null) {
            return known;
        }
        TierCopy fresh = tier.create(this);
        copies.set(at, fresh);
        return fresh;
    }

    void restore(CacheTier tier, TierCopy copy) {
        copies.set(tiers.indexOf(tier), copy);
    }

    /** Removes a copy whole; readers and holders of it keep what they have. */
    void drop(TierCopy copy) throws IOException {
        synchronized (this) {
            if (!copies.compareAndSet(tiers.indexOf(copy.tier()), copy, null)) {
                return;
            }
            retired.add(copy);
        }
        copy.detach();
    }

    /** The copies of this moment, fastest tier first. */
    List<TierCopy> copiesNow() {
        List<TierCopy> now = new ArrayList<>(tiers.size());
        for (int i = 0; i < tiers.size(); i++) {
            TierCopy copy = copies.get(i);
            if (copy != null) {
                now.add(copy);
            }
        }
        return now;
    }

    /** Pins a part of a block in the fastest tier that has it; empty when none has. */
    Optional<BlockPin> pin(int block, ByteRange part) throws IOException {
        for (int i = 0; i < tiers.size(); i++) {
            TierCopy copy = copies.get(i);
            if (copy != null) {
                Optional<MemorySegment> bytes = copy.pin(block, part);
                if (bytes.isPresent()) {
                    return Optional.of(new BlockPin(copy, block, bytes.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Present, or unsure, in some tier: no flight is needed unless it turns out to be damaged. */
    boolean isKept(int block) {
        for (int i = 0; i < tiers.size(); i++) {
            TierCopy copy = copies.get(i);
            if (copy != null && copy.states().isKept(block)) {
                return true;
            }
        }
        return false;
    }

    boolean isComplete() {
        return version.lengthBytes() == 0 || copiesNow().stream().anyMatch(TierCopy::isComplete);
    }

    /**
     * Lets the passenger wait for the block, on the flight that there is or a new one.
     *
     * @return false when the block is kept by now, and may be pinned; the passenger was told nothing
     */
    boolean board(int block, Passenger passenger, FetchReason reason) {
        while (true) {
            Flight known = flights.get(block);
            if (known != null) {
                if (known.board(passenger)) {
                    scheduler.urge(known, reason);
                    return true;
                }
                flights.remove(block, known);
                continue;
            }
            Optional<Flight> fresh = newFlight(block, reason);
            if (fresh.isPresent()) {
                fresh.get().board(passenger);
                scheduler.submit(fresh.get());
                return true;
            }
            if (isKept(block)) {
                return false;
            }
        }
    }

    /**
     * Starts a flight that nobody waits for, unless there is one or the block is kept.
     *
     * @return false when too much read-ahead waits already
     */
    boolean fetchAhead(int block, FetchReason reason) {
        if (isKept(block) || flights.containsKey(block)) {
            return true;
        }
        if (!scheduler.hasRoomAhead(reason)) {
            return false;
        }
        newFlight(block, reason).ifPresent(scheduler::submit);
        return true;
    }

    /** Verifies what is unsure of a block. */
    void verify(int block) throws IOException {
        for (TierCopy copy : copiesNow()) {
            if (copy.states().isUnsure(block)) {
                copy.verify(block);
            }
        }
    }

    Residency residency() {
        Map<Tier, Long> bytes = new EnumMap<>(Tier.class);
        copiesNow().forEach(copy -> bytes.put(copy.tier().tier(), copy.keptBytes()));
        long unique = 0;
        for (int block = 0; block < Blocks.count(version.lengthBytes()); block++) {
            unique += isKept(block) ? Blocks.range(block, version.lengthBytes()).length() : 0;
        }
        return new Residency(bytes, unique, unique == version.lengthBytes(), pinned);
    }

    int pinnedBlocks() {
        return copiesNow().stream()
                .mapToInt(copy -> copy.states().pinnedBlocks())
                .sum();
    }

    boolean keepsNothing() {
        return copiesNow().isEmpty();
    }

    void markDamaged(int block) {
        synchronized (damaged) {
            damaged.set(block);
        }
    }

    /** A block became present in a copy; tells the open files when it was the last one. */
    void blockArrived(TierCopy copy) {
        if (copy.isComplete()) {
            opened.forEach(OpenFile::completed);
        }
    }

    private Optional<Flight> newFlight(int block, FetchReason reason) {
        RangeSource from = source;
        if (from == null) {
            throw new IllegalStateException("no source: " + version + " was never opened");
        }
        Flight fresh = scheduler.plan(new BlockFlight(block, from), reason);
        Flight flying = flights.computeIfAbsent(block, index -> isKept(index) ? null : fresh);
        if (flying != fresh) {
            return Optional.empty();
        }
        retain();
        return Optional.of(fresh);
    }

    private boolean keep(int block, MemorySegment bytes, int crc) {
        for (CacheTier tier : tiers) {
            if (tier.keep(this, block, bytes, crc)) {
                synchronized (damaged) {
                    damaged.clear(block);
                }
                TierCopy copy = copyIn(tier);
                if (copy != null) {
                    blockArrived(copy);
                }
                return true;
            }
        }
        return false;
    }

    /** Gets one absent block of this file. */
    private final class BlockFlight implements FlightPlan {
        private final int block;
        private final RangeSource from;
        private final AtomicBoolean ended = new AtomicBoolean();

        BlockFlight(int block, RangeSource from) {
            this.block = block;
            this.from = from;
        }

        @Override
        public FileVersion version() {
            return version;
        }

        @Override
        public ByteRange range() {
            return Blocks.range(block, version.lengthBytes());
        }

        @Override
        public RangeSource source() {
            return from;
        }

        @Override
        public boolean isRepair() {
            synchronized (damaged) {
                return damaged.get(block);
            }
        }

        @Override
        public boolean keep(MemorySegment bytes, int crc) {
            return StoredFile.this.keep(block, bytes, crc);
        }

        @Override
        public void ended() {
            if (ended.compareAndSet(false, true)) {
                flights.remove(block);
                release();
            }
        }
    }
}
