package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.store.map.BlockMap.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version whose blocks lie at their natural offsets in files of their own, at most one in each tier. */
final class SparseFile extends StoredFile {
    private static final Logger log = LoggerFactory.getLogger(SparseFile.class);

    private final List<CacheTier> tiers;
    private final Destager destager;
    private final AtomicReferenceArray<@Nullable TierCopy> copies;

    /** Dropped from their tiers, and perhaps still read. */
    @GuardedBy("this")
    private final List<TierCopy> retired = new ArrayList<>();

    /** @param tiers fastest first */
    SparseFile(FileVersion version, StoreContext context, List<CacheTier> tiers, Destager destager) {
        super(version, context);
        this.tiers = tiers;
        this.destager = destager;
        this.copies = new AtomicReferenceArray<>(tiers.size());
    }

    @Override
    Optional<HeldBytes> pin(int block, ByteRange part) throws IOException {
        for (int i = 0; i < tiers.size(); i++) {
            TierCopy copy = copies.get(i);
            if (copy != null) {
                Optional<MemorySegment> bytes = copy.pin(block, part);
                if (bytes.isPresent()) {
                    return Optional.of(new BlockPin(copy, block, part, bytes.get()));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    boolean isKept(int block) {
        return isKeptFrom(0, block);
    }

    /** A block in the fastest tier is on its way to the slower ones; one that finds no room there goes to them at once. */
    @Override
    boolean keep(int block, MemorySegment bytes, int crc, int fetched) {
        BlockBytes arriving = new BlockBytes(block, bytes, crc, false);
        for (int i = 0; i < tiers.size(); i++) {
            if (tiers.get(i).keep(this, arriving, fetched)) {
                if (i < tiers.size() - 1) {
                    destager.add(this, block, fetched);
                }
                return true;
            }
        }
        return fetched != term();
    }

    /** Copies a block to the slowest tier, so that it outlives the faster ones; nothing when it is there or gone. */
    void destage(int block, int fetched) throws IOException {
        int last = tiers.size() - 1;
        TierCopy from = copies.get(0);
        if (from == null || fetched != term() || isKeptFrom(last, block)) {
            return;
        }
        Optional<MemorySegment> bytes =
                from.pin(block, Blocks.range(block, version().lengthBytes()));
        if (bytes.isPresent()) {
            try {
                // A write whose source is not in the page table clears the target's pages before it tries again.
                bytes.get().load();
                boolean heldAbove =
                        version().lengthBytes() <= tiers.getFirst().space().capacityBytes();
                tiers.get(last)
                        .keep(
                                this,
                                new BlockBytes(block, bytes.get(), from.states().crc(block), heldAbove),
                                fetched);
            } finally {
                from.unpin(block);
            }
        }
    }

    /** Whether a block may leave this tier without being lost to a slower one that has yet to get it. */
    boolean mayLeave(CacheTier tier, int block) {
        int below = tiers.indexOf(tier) + 1;
        return below == tiers.size() || isKeptFrom(below, block);
    }

    @Override
    void verify(int block) throws IOException {
        for (TierCopy copy : copiesNow()) {
            copy.verification().verify(block);
        }
    }

    @Override
    boolean isComplete() {
        for (int i = 0; i < tiers.size(); i++) {
            TierCopy copy = copies.get(i);
            if (copy != null && copy.isComplete()) {
                return true;
            }
        }
        return version().lengthBytes() == 0;
    }

    @Override
    Optional<BackingFile> lend() throws IOException {
        for (TierCopy copy : copiesNow()) {
            Optional<BackingFile> lent = copy.lend();
            if (lent.isPresent()) {
                return lent;
            }
        }
        return Optional.empty();
    }

    /** From the copy that has the block and the most others; the faster one where two have as many. */
    @Override
    Optional<LeasedFile> lease(int block) throws IOException {
        verify(block);
        List<TierCopy> fullestFirst = new ArrayList<>(copiesNow());
        fullestFirst.sort(
                Comparator.comparingInt((TierCopy copy) -> copy.states().presentBlocks())
                        .reversed());
        for (TierCopy copy : fullestFirst) {
            Optional<LeasedFile> lent = copy.lease(block);
            if (lent.isPresent()) {
                return lent;
            }
        }
        return Optional.empty();
    }

    @Override
    Residency residency() {
        Map<Tier, Long> bytes = new EnumMap<>(Tier.class);
        copiesNow().forEach(copy -> bytes.put(copy.tier().tier(), copy.keptBytes()));
        long unique = 0;
        for (int block = 0; block < Blocks.count(version().lengthBytes()); block++) {
            unique +=
                    isKept(block) ? Blocks.range(block, version().lengthBytes()).length() : 0;
        }
        return new Residency(bytes, unique, unique == version().lengthBytes(), isPinned());
    }

    @Override
    long evict() throws IOException {
        beginTerm();
        destager.awaitCopied(this);
        long freed = 0;
        for (TierCopy copy : copiesNow()) {
            freed += copy.mustGoWhole() ? 0 : copy.punchUnpinned();
            long rest = copy.keptBytes();
            drop(copy);
            freed += rest - copy.lingeringBytes();
        }
        return freed;
    }

    @Override
    CheckResult check() throws IOException {
        Set<Integer> damaged = new TreeSet<>();
        long bytes = 0;
        for (TierCopy copy : copiesNow()) {
            List<Integer> kept = IntStream.range(0, copy.states().blocks())
                    .filter(copy.states()::isKept)
                    .boxed()
                    .toList();
            boolean gone = dropIfCutShort(copy);
            for (int block : kept) {
                bytes += Blocks.range(block, version().lengthBytes()).length();
                if (gone || !copy.verification().check(block)) {
                    damaged.add(block);
                }
            }
        }
        return new CheckResult(bytes, List.copyOf(damaged));
    }

    @Override
    boolean recheck(int block) throws IOException {
        boolean sound = true;
        for (TierCopy copy : copiesNow()) {
            sound &= !dropIfCutShort(copy)
                    && (!copy.states().isKept(block) || copy.verification().recheck(block));
        }
        return sound;
    }

    @Override
    InsufficientSpaceException insufficientSpace(int block) {
        return tiers.getLast().insufficientSpace(version(), block);
    }

    @Override
    int pinnedBlocks() {
        return copiesNow().stream()
                .mapToInt(copy -> copy.states().pinnedBlocks())
                .sum();
    }

    @Override
    boolean isForgettable() {
        return copiesNow().isEmpty();
    }

    @Override
    synchronized void wake() {
        copiesNow().forEach(TierCopy::reuse);
    }

    @Override
    synchronized void settle() {
        copiesNow().forEach(TierCopy::settle);
        retired.forEach(TierCopy::settle);
        retired.clear();
        copiesNow().forEach(this::dropIfEmpty);
    }

    @Override
    void touched() {}

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

    /** Empty when the term is over: an eviction drops the copies that there are, and none may follow. */
    synchronized Optional<TierCopy> copyOrCreate(CacheTier tier, int current) throws IOException {
        if (current != term()) {
            return Optional.empty();
        }
        int at = tiers.indexOf(tier);
        TierCopy known = copies.get(at);
        if (known != null) {
            return Optional.of(known);
        }
        TierCopy fresh = tier.create(this);
        copies.set(at, fresh);
        return Optional.of(fresh);
    }

    Optional<TierCopy> copyIn(CacheTier tier) {
        return Optional.ofNullable(copies.get(tiers.indexOf(tier)));
    }

    /** Takes what the map tells of; false when there is a copy in this tier already. */
    boolean restore(CacheTier tier, MappedFile mapped) {
        int at = tiers.indexOf(tier);
        if (copies.get(at) != null) {
            return false;
        }
        copies.set(at, tier.restore(this, mapped));
        return true;
    }

    /** Removes a copy whole; readers and holders of it keep what they have. */
    void drop(TierCopy copy) throws IOException {
        boolean _ = dropped(copy);
    }

    /**
     * Somebody cut its file short, or removed it: the copy goes whole. Who pins blocks of it must not see the zeros that a
     * later write would leave where they were.
     */
    boolean dropIfCutShort(TierCopy copy) throws IOException {
        if (!copy.file().isCutShort()) {
            return false;
        }
        int blocks = copy.states().keptBlocks();
        if (dropped(copy)) {
            copy.tier().cutShort(copy.file().path(), version(), blocks);
        }
        return true;
    }

    private boolean dropped(TierCopy copy) throws IOException {
        synchronized (this) {
            if (!copies.compareAndSet(tiers.indexOf(copy.tier()), copy, null)) {
                return false;
            }
            retired.add(copy);
        }
        copy.detach();
        return true;
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

    private boolean isKeptFrom(int firstTier, int block) {
        for (int i = firstTier; i < tiers.size(); i++) {
            TierCopy copy = copies.get(i);
            if (copy != null && copy.states().isKept(block)) {
                return true;
            }
        }
        return false;
    }
}
