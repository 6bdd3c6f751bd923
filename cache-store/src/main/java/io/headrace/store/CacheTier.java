package io.headrace.store;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.store.StoreUsage.TierUsage;
import io.headrace.store.eviction.TierSpace;
import io.headrace.store.map.BlockMap;
import io.headrace.store.map.BlockMap.MappedFile;
import io.headrace.store.tier.ErrnoException;
import io.headrace.store.tier.TierFile;
import io.headrace.store.tier.TierFiles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One tier: its files, its map and its space. Thread-safe. */
final class CacheTier {
    private static final Logger log = LoggerFactory.getLogger(CacheTier.class);

    private final TierFiles files;
    private final BlockMap map;
    private final TierSpace space;
    private final FaultPoints faults;
    private final AtomicLong nextNumber = new AtomicLong(1);
    private final Set<TierCopy> lingering = ConcurrentHashMap.newKeySet();
    private final Counter damagedBlocks;
    private final Counter unkeptBlocks;
    private final Counter hits;
    private final WarningPace unkeptWarnings;

    CacheTier(TierFiles files, BlockMap map, TierSpace space, StoreContext context) {
        this.files = files;
        this.map = map;
        this.space = space;
        this.faults = context.faults();
        this.unkeptWarnings = new WarningPace(context.nanoTicker());
        MeterRegistry meters = context.meters();
        String name = files.tier().name().toLowerCase(Locale.ROOT);
        this.damagedBlocks = meters.counter("headrace.store.damaged.blocks", "tier", name);
        this.unkeptBlocks = meters.counter("headrace.store.unkept.blocks", "tier", name);
        this.hits = meters.counter("headrace.store.hits", "tier", name);
        FunctionCounter.builder("headrace.store.evicted.bytes", space, TierSpace::evictedBytes)
                .tag("tier", name)
                .register(meters);
        Gauge.builder("headrace.store.used.bytes", space, TierSpace::usedBytes)
                .tag("tier", name)
                .register(meters);
    }

    Tier tier() {
        return files.tier();
    }

    TierFiles files() {
        return files;
    }

    BlockMap map() {
        return map;
    }

    TierSpace space() {
        return space;
    }

    FaultPoints faults() {
        return faults;
    }

    void hit() {
        hits.increment();
    }

    /** An empty copy of a version that has none in this tier. */
    TierCopy create(SparseFile owner) throws IOException {
        long number = nextNumber.getAndIncrement();
        map.fileCreated(number, owner.version());
        TierFile file;
        try {
            file = files.create(number, owner.version().lengthBytes());
        } catch (IOException e) {
            map.fileDropped(number);
            throw e;
        }
        faults.reach("store.file.created");
        space.addObjects(owner.version().mount(), 1);
        return new TierCopy(this, number, owner, file, false);
    }

    /** The copy that the map tells of; the file must be whole. */
    TierCopy restore(SparseFile owner, MappedFile mapped) {
        nextNumber.accumulateAndGet(mapped.number() + 1, Math::max);
        TierFile file = files.existing(mapped.number(), owner.version().lengthBytes());
        TierCopy copy = new TierCopy(this, mapped.number(), owner, file, mapped.lent());
        space.addObjects(owner.version().mount(), 1);
        mapped.blocks().forEach(block -> copy.restore(block.index(), block.crc()));
        return copy;
    }

    /**
     * Keeps a block in the owner's copy; false, counted, when there is no room or the disk refuses. Never throws: the
     * bytes are in memory, and those who wait for them are served all the same.
     *
     * @param fetched the owner's term to which the block belongs; false, not counted, when that is over
     */
    boolean keep(SparseFile owner, BlockBytes block, int fetched) {
        if (!space.reserve(owner.version().mount(), block.size())) {
            unkept();
            return false;
        }
        boolean kept = false;
        try {
            kept = stored(owner, block, fetched);
        } catch (IOException e) {
            unkept(owner.version(), block.index(), e);
        } finally {
            if (!kept) {
                space.release(owner.version().mount(), block.size());
            }
        }
        return kept;
    }

    void unkept() {
        unkeptBlocks.increment();
    }

    void unkept(FileVersion version, int block, IOException reason) {
        unkeptBlocks.increment();
        if (unkeptWarnings.isDue()) {
            log.warn(
                    "block {} of {} is served but not kept: {} ({} such warnings were left out)",
                    block,
                    version,
                    reason.getMessage(),
                    unkeptWarnings.takeSilenced());
        }
    }

    InsufficientSpaceException insufficientSpace(FileVersion version, int block) {
        return new InsufficientSpaceException("block " + block + " of " + version + " cannot be kept in "
                + files.directory() + ": " + space.usedBytes() + " of " + space.capacityBytes()
                + " bytes are used and too few may be evicted, its disk is full, or its data set has used its quota; unpin"
                + " something, free the disk or raise the capacity or the quota");
    }

    void damaged(FileVersion version, int block) {
        damagedBlocks.increment();
        log.warn(
                "block {} of {} in the {} tier cannot be read, or does not match its CRC32C; it is fetched again",
                block,
                version,
                tier());
    }

    /** @param blocks how many were kept in it */
    void cutShort(Path file, FileVersion version, int blocks) {
        damagedBlocks.increment(blocks);
        log.warn("{} was cut short or removed by others; its {} blocks of {} are fetched again", file, blocks, version);
    }

    void lingers(TierCopy copy, boolean still) {
        if (still) {
            lingering.add(copy);
        } else {
            lingering.remove(copy);
        }
    }

    TierUsage usage(Collection<StoredFile> all) {
        long pinned = 0;
        long lent = lingering.stream().mapToLong(TierCopy::lentBytes).sum();
        long count = 0;
        for (StoredFile file : all) {
            if (file instanceof SparseFile sparse && sparse.copyIn(this).isPresent()) {
                TierCopy copy = sparse.copyIn(this).get();
                count++;
                pinned += file.isPinned() ? copy.keptBytes() : 0;
                lent += copy.lentBytes();
            }
        }
        return new TierUsage(space.capacityBytes(), space.usedBytes(), pinned, lent, count, space.evictedBytes());
    }

    private boolean stored(SparseFile owner, BlockBytes block, int fetched) throws IOException {
        Optional<TierCopy> known = owner.copyIn(this);
        if ((known.isEmpty() || owner.dropIfCutShort(known.get()))
                && !space.makeRoomForObject(owner.version().mount())) {
            unkept();
            return false;
        }
        Optional<TierCopy> copy = owner.copyOrCreate(this, fetched);
        if (copy.isEmpty()) {
            return false;
        }
        try {
            return copy.get().store(block);
        } catch (ErrnoException e) {
            if (!e.meansCannotKeep()) {
                throw e;
            }
            space.evict(2 * block.size());
            return copy.get().store(block);
        }
    }
}
