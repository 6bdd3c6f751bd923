package io.headrace.store;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.RangeSource;
import io.headrace.store.StoreUsage.TierUsage;
import io.headrace.store.flight.FlightScheduler;
import io.headrace.store.map.BlockMap.MappedFile;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The store of one node: tiers of sparse files and slabs, filled by flights.
 *
 * <p><b>What lives where.</b> A {@link StoredFile} is one version while it is used or kept. Above 1 MiB it is a
 * {@link SparseFile} with at most one {@link TierCopy} a tier; up to 1 MiB a {@link PackedFile}, whose bytes lie in a
 * slab and which itself is forgotten when nobody uses it. Absent blocks come by flights, of which there is one a block
 * at most: the file's table of flights is the only place where one starts, and it starts none for a block that is kept. An
 * eviction begins a new term of the file with an empty table; no copy is made for, and no block kept from, an earlier term.
 * Readers who jump about get {@link Pieces} of absent blocks, by flights of their own that pass the tiers: a piece has no
 * state, and whoever finds the block absent next asks for it again.
 *
 * <p><b>A block's life</b> in a copy is one int ({@link io.headrace.store.map.BlockStates}): absent, arriving, present,
 * leaving, and unsure after a restart. One thread at a time owns the step into arriving or leaving; readers only add
 * and take pins, which keep a block from leaving. So a block is never written while it is punched, never punched while
 * it is read or verified, and a reader that has a pin needs no lock.
 *
 * <p><b>Invariants.</b> A block in the map has its bytes in the file: the map is told after the write and before the
 * punch. A file that is handed out has no absent block until the last holder is gone: loans are granted and blocks
 * claimed under the copy's monitor. A mapping stays while its file has a use: an open file, a reader's bytes, a flight,
 * a block on its way to the disk. An entry's bytes are released by the thread that takes it out of its copy, once.
 * Reads do not hold a flight's buffer while they wait for another flight, so the budget cannot deadlock.
 *
 * <p><b>Lock order</b>, outer first: the table of files (a bin of its map) &gt; a {@code StoredFile}'s monitor &gt; a
 * copy's verification lock &gt; a {@code TierCopy}'s monitor &gt; a {@code TierFile}'s monitor, a policy's monitor,
 * RocksDB's own. A bin of a file's table of flights is held only for looking at block states (for a small file: at its
 * place, under its monitor); a bin of its table of pieces over the recent pieces' monitor. That one, the scheduler's lock, a
 * flight's monitor and the buffers' lock are leaves: nothing is called with one of them held. A {@code PackedFile} that is
 * appended or evicted holds a lock of its own, outside of its monitor. Appending to slabs holds its lock over the map, the
 * slab file's creation and the policy. Policies choose victims under their lock and evict them without it.
 */
public final class TieredBlockStore implements BlockStore {
    /** Files up to this length lie packed in slabs. */
    static final long PACKED_MOST_BYTES = 1 << 20;

    private final StoredFiles files;
    private final StoreContext context;
    private final StoreTiers tiers;
    private final Destager destager;
    private final Verifier verifier = new Verifier();
    private final ExpirySweep expiry;
    private volatile boolean closed;

    private TieredBlockStore(StoreSettings settings, StoredFiles files, StoreContext context, StoreTiers tiers) {
        this.files = files;
        this.context = context;
        this.tiers = tiers;
        this.destager = new Destager(context.faults());
        Duration timeToLive = settings.timeToLive();
        this.expiry = new ExpirySweep(
                timeToLive, context, files, new PackedExpiry(timeToLive, context, tiers.packed(), this::used));
    }

    /**
     * Opens the store in the settings' directory, creating it when it is absent.
     *
     * @param nanoTicker nanoseconds from any start, as {@link System#nanoTime}
     * @throws IOException when another process owns the directory, it is no cache, or of another format
     */
    public static TieredBlockStore open(
            StoreSettings settings, FaultPoints faults, MeterRegistry meters, LongSupplier nanoTicker)
            throws IOException {
        StoredFiles files = new StoredFiles();
        FlightScheduler scheduler = new FlightScheduler(settings.flights(), faults, meters);
        Set<FileVersion> pins = ConcurrentHashMap.newKeySet();
        StoreContext context = new StoreContext(
                faults,
                meters,
                nanoTicker,
                wallMillis(nanoTicker),
                useStepMillis(settings.timeToLive()),
                scheduler,
                new RecentPieces(meters),
                pins,
                files::idle);
        StoreTiers tiers;
        try {
            tiers = StoreTiers.open(settings, context);
        } catch (IOException e) {
            scheduler.close();
            throw e;
        }
        TieredBlockStore store = new TieredBlockStore(settings, files, context, tiers);
        try {
            store.restore();
            store.expiry.start();
            return store;
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public CachedFile open(FileVersion version, RangeSource source) throws IOException {
        requireOpen();
        StoredFile file = used(version);
        OpenFile opened = new OpenFile(file);
        file.opened(opened, source);
        if (file instanceof SparseFile sparse) {
            verifier.verifyUnsure(sparse);
        }
        return opened;
    }

    @Override
    public Optional<Residency> residency(FileVersion version) {
        if (closed || (!isPacked(version) && files.find(version).isEmpty())) {
            return Optional.empty();
        }
        StoredFile file = used(version);
        try {
            return Optional.of(file.residency()).filter(kept -> kept.uniqueBytes() > 0);
        } finally {
            file.release();
        }
    }

    @Override
    public long evict(FileVersion version) throws IOException {
        requireOpen();
        if (!isPacked(version)) {
            Optional<StoredFile> file = files.find(version);
            return file.isPresent() ? file.get().evict() : 0;
        }
        StoredFile file = used(version);
        try {
            return file.evict();
        } finally {
            file.release();
        }
    }

    @Override
    public void pin(FileVersion version) throws IOException {
        requireOpen();
        tiers.durable().pinned(version);
        context.pins().add(version);
    }

    @Override
    public void unpin(FileVersion version) throws IOException {
        requireOpen();
        tiers.durable().unpinned(version);
        context.pins().remove(version);
    }

    @Override
    public Set<FileVersion> pinned() {
        return Set.copyOf(context.pins());
    }

    @Override
    public void limit(Set<MountId> dataSet, Quota quota) throws IOException {
        requireOpen();
        tiers.all().forEach(tier -> tier.space().limit(dataSet, quota));
    }

    @Override
    public Map<Tier, DataSetUsage> usage(Set<MountId> dataSet) {
        Map<Tier, DataSetUsage> usage = new EnumMap<>(Tier.class);
        tiers.all().forEach(tier -> usage.put(tier.tier(), tier.space().usage(dataSet)));
        return usage;
    }

    @Override
    public CheckResult check(FileVersion version) throws IOException {
        requireOpen();
        StoredFile file = used(version);
        try {
            return file.check();
        } finally {
            file.release();
        }
    }

    @Override
    public List<FileVersion> versions() throws IOException {
        requireOpen();
        Set<FileVersion> versions = new HashSet<>();
        for (StoredFile file : files.all()) {
            if (!file.isForgettable()) {
                versions.add(file.version());
            }
        }
        tiers.packed().forEach((version, copy) -> versions.add(version));
        return List.copyOf(versions);
    }

    @Override
    public StoreUsage usage() {
        Map<Tier, TierUsage> usage = new EnumMap<>(Tier.class);
        tiers.all().forEach(tier -> usage.put(tier.tier(), tier.usage(files.all())));
        return new StoreUsage(usage, context.scheduler().usage());
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        expiry.close();
        context.scheduler().close();
        verifier.close();
        destager.close();
        files.all().forEach(StoredFile::settle);
        tiers.close();
    }

    /** How many blocks of a version readers pin now, and how many files in slabs. */
    int pinnedBlocks(FileVersion version) {
        return files.find(version).map(StoredFile::pinnedBlocks).orElse(0)
                + tiers.packed().pins();
    }

    /** Blocks that are only in memory yet and wait to be copied to the disk. */
    int waitingForDisk() {
        return destager.waiting();
    }

    private void restore() throws IOException {
        context.pins().addAll(tiers.durable().pins());
        for (CacheTier tier : tiers.all()) {
            List<Long> known = new ArrayList<>();
            for (MappedFile mapped : tier.map().files()) {
                if (!isPacked(mapped.version())
                        && tier.files()
                                .isWhole(mapped.number(), mapped.version().lengthBytes())
                        && files.restored(mapped.version(), this::create) instanceof SparseFile file
                        && file.restore(tier, mapped)) {
                    known.add(mapped.number());
                } else {
                    tier.map().fileDropped(mapped.number());
                }
            }
            tier.files().deleteUnless(Set.copyOf(known)::contains);
        }
        tiers.packed().restore();
    }

    private StoredFile used(FileVersion version) {
        return files.used(version, this::create);
    }

    private StoredFile create(FileVersion version) {
        return isPacked(version)
                ? new PackedFile(version, context, tiers.all().getLast(), tiers.packed())
                : new SparseFile(version, context, tiers.all(), destager);
    }

    private static LongSupplier wallMillis(LongSupplier nanoTicker) {
        long openedMillis = System.currentTimeMillis();
        long openedNanos = nanoTicker.getAsLong();
        return () -> openedMillis + TimeUnit.NANOSECONDS.toMillis(nanoTicker.getAsLong() - openedNanos);
    }

    private static long useStepMillis(Duration timeToLive) {
        return timeToLive.isZero() ? Long.MAX_VALUE : Math.max(1, timeToLive.toMillis() / ExpirySweep.SWEEPS_IN_A_LIFE);
    }

    private static boolean isPacked(FileVersion version) {
        return version.lengthBytes() <= PACKED_MOST_BYTES;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
    }
}
