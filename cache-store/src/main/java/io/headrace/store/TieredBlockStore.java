package io.headrace.store;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.store.StoreUsage.TierUsage;
import io.headrace.store.flight.FlightScheduler;
import io.headrace.store.map.BlockMap.MappedFile;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The store of one node.
 */
public final class TieredBlockStore implements BlockStore {
    private final StoreTiers tiers;
    private final FlightScheduler scheduler;
    private final Verifier verifier = new Verifier();
    private final ConcurrentHashMap<FileVersion, StoredFile> files = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private TieredBlockStore(StoreTiers tiers, FlightScheduler scheduler) {
        this.tiers = tiers;
        this.scheduler = scheduler;
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
        StoreContext context = new StoreContext(faults, meters, nanoTicker);
        StoreTiers tiers = StoreTiers.open(settings, context);
        TieredBlockStore store = new TieredBlockStore(tiers, new FlightScheduler(settings.flights(), faults, meters));
        try {
            store.restore();
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
        verifier.verifyUnsure(file);
        return opened;
    }

    @Override
    public Optional<Residency> residency(FileVersion version) {
        return Optional.ofNullable(files.get(version))
                .map(StoredFile::residency)
                .filter(kept -> kept.uniqueBytes() > 0);
    }

    @Override
    public long evict(FileVersion version) throws IOException {
        requireOpen();
        StoredFile file = files.get(version);
        return file == null ? 0 : file.evict();
    }

    @Override
    public void pin(FileVersion version) throws IOException {
        setPinned(version, true);
    }

    @Override
    public void unpin(FileVersion version) throws IOException {
        setPinned(version, false);
    }

    @Override
    public CheckResult check(FileVersion version) throws IOException {
        requireOpen();
        StoredFile file = files.get(version);
        if (file == null) {
            return new CheckResult(0, List.of());
        }
        StoredFile used = used(version);
        try {
            return used.check();
        } finally {
            used.release();
        }
    }

    @Override
    public List<FileVersion> versions() {
        return files.values().stream()
                .filter(file -> !file.keepsNothing())
                .map(StoredFile::version)
                .toList();
    }

    @Override
    public StoreUsage usage() {
        Map<Tier, TierUsage> usage = new EnumMap<>(Tier.class);
        tiers.all().forEach(tier -> usage.put(tier.tier(), tier.usage(files.values())));
        return new StoreUsage(usage, scheduler.usage());
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        scheduler.close();
        verifier.close();
        files.values().forEach(StoredFile::settle);
        tiers.close();
    }

    /** How many of a version's blocks readers pin now. */
    int pinnedBlocks(FileVersion version) {
        StoredFile file = files.get(version);
        return file == null ? 0 : file.pinnedBlocks();
    }

    private void restore() throws IOException {
        for (CacheTier tier : tiers.all()) {
            List<Long> known = new ArrayList<>();
            for (MappedFile mapped : tier.map().files()) {
                if (tier.files().isWhole(mapped.number(), mapped.version().lengthBytes())) {
                    StoredFile file = files.computeIfAbsent(mapped.version(), this::newFile);
                    file.restore(tier, tier.restore(file, mapped));
                    known.add(mapped.number());
                } else {
                    tier.map().fileDropped(mapped.number());
                }
            }
            tier.files().deleteUnless(Set.copyOf(known)::contains);
        }
        for (FileVersion version : tiers.durable().pins()) {
            files.computeIfAbsent(version, this::newFile).setPinned(true);
        }
    }

    private void setPinned(FileVersion version, boolean wanted) throws IOException {
        requireOpen();
        StoredFile file = used(version);
        try {
            if (wanted) {
                tiers.durable().pinned(version);
            } else {
                tiers.durable().unpinned(version);
            }
            file.setPinned(wanted);
        } finally {
            file.release();
        }
    }

    /** The version's file with one more use, for the caller to release. */
    private StoredFile used(FileVersion version) {
        StoredFile file = files.compute(version, (key, known) -> {
            StoredFile used = known == null ? newFile(key) : known;
            used.retain();
            return used;
        });
        return Objects.requireNonNull(file);
    }

    private StoredFile newFile(FileVersion version) {
        return new StoredFile(version, tiers.all(), scheduler, this::idle);
    }

    private void idle(StoredFile file) {
        files.computeIfPresent(
                file.version(),
                (version, known) ->
                        known == file && file.isIdle() && file.keepsNothing() && !file.isPinned() ? null : known);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
    }
}
