package io.headrace.master.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginTrouble;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One origin in the catalog's namespace. Thread-safe. */
public final class CatalogMount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogMount.class);
    private static final int NAMES_CHECKED = 65_536;

    private final int number;
    private final MountPoint point;
    private final MountSettings settings;
    private final Origin origin;
    private final CatalogParts parts;
    private final RelistSchedule schedule;
    private final Cache<RowPlace, Long> checkedMillis = Caffeine.newBuilder()
            .maximumSize(NAMES_CHECKED)
            .executor(Runnable::run)
            .build();
    /** One full listing at a time; taken before any directory's refresh lock. */
    private final ReentrantLock listing = new ReentrantLock();

    /** How far a first listing is: all keys up to this one are in the catalog. */
    private record Progress(long startedMillis, Bytes lastKey) {
        boolean isBehind(Bytes prefix) {
            return !lastKey.startsWith(prefix) && lastKey.compareTo(prefix) > 0;
        }
    }

    private volatile long listedMillis;
    private volatile Optional<Progress> progress = Optional.empty();
    private volatile UnreachableKeys unreachable;
    private volatile @Nullable UnreachableKeys unreachableOfRun;
    private volatile Optional<Instant> answeredAt = Optional.empty();
    private volatile Optional<OriginTrouble> trouble = Optional.empty();
    private volatile boolean closed;
    private int failures;

    CatalogMount(int number, MountPoint point, MountSettings settings, Origin origin, CatalogParts parts)
            throws IOException {
        this.number = number;
        this.point = point;
        this.settings = settings;
        this.origin = origin;
        this.parts = parts;
        this.schedule = new RelistSchedule(settings.relistInterval());
        this.listedMillis = parts.tables()
                .fact(listedFact(number))
                .map(bytes -> ByteBuffer.wrap(bytes).getLong())
                .orElse(Long.MIN_VALUE);
        int kept = parts.settings().unreachableNames();
        this.unreachable = parts.tables()
                .fact(unreachableFact(number))
                .map(bytes -> UnreachableKeys.decode(bytes, kept))
                .orElseGet(() -> new UnreachableKeys(kept));
    }

    public MountStatus status() {
        Totals totals = parts.names().totals(number);
        long listed = listedMillis;
        return new MountStatus(
                origin.store().location(),
                point.path(),
                new NamespaceTotals(totals.files(), totals.directories(), totals.bytes()),
                listed == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(listed)),
                answeredAt,
                trouble,
                unreachable.report());
    }

    /**
     * Lists all of the origin now, in this thread, and returns when the catalog agrees. On failure nothing is removed.
     */
    public void list() throws IOException, InterruptedException {
        listing.lockInterruptibly();
        ListingRun run = parts.names().begin();
        UnreachableKeys found = new UnreachableKeys(parts.settings().unreachableNames());
        try {
            unreachableOfRun = found;
            new FullListing(this, parts.directories(), parts.names(), run).run(parts.deadMounts());
            parts.faults().reach("catalog.listing.swept");
            parts.names().edit(edit -> {
                edit.nextGeneration();
                edit.putFact(listedFact(number), number(run.startedMillis()));
                edit.putFact(unreachableFact(number), found.encode());
                return true;
            });
            unreachable = found;
            listedMillis = run.startedMillis();
            answered();
            if (run.contestedLost()) {
                LOG.warn(
                        "{} has too many objects whose names are directories too; some of them show after the next listing",
                        origin.store().location());
            }
        } catch (IOException e) {
            failed(e);
            throw e;
        } finally {
            progress = Optional.empty();
            unreachableOfRun = null;
            parts.names().end(run);
            listing.unlock();
        }
    }

    /** Ends the mount: its names are not shown any more. The store stays its maker's to close. */
    @Override
    public void close() {
        closed = true;
        parts.unmount().accept(this);
    }

    void start() {
        long age = listedMillis == Long.MIN_VALUE ? Long.MAX_VALUE : nowMillis() - listedMillis;
        boolean recent = age >= 0 && age < settings.relistInterval().toMillis();
        Duration wait = recent ? settings.relistInterval().minusMillis(age) : Duration.ZERO;
        parts.background().listAfter(wait, this::listAndGoOn);
    }

    private void listAndGoOn() {
        if (closed) {
            return;
        }
        Instant start = clock().instant();
        Duration wait;
        try {
            list();
            parts.names().joinImports();
            failures = 0;
            wait = schedule.afterSuccess(
                    Duration.between(start, clock().instant()).abs());
        } catch (IOException e) {
            failures++;
            wait = schedule.afterFailure(failures);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!Thread.currentThread().isInterrupted()) {
            parts.background().listAfter(wait, this::listAndGoOn);
        }
    }

    /** Remembers, and says once, that the origin does not answer. */
    void failed(IOException e) {
        OriginTrouble now = OriginTrouble.of(e, clock().instant());
        if (!closed && !trouble.map(OriginTrouble::message).equals(Optional.of(now.message()))) {
            LOG.warn(
                    "{} does not answer; names stay as they were: {}",
                    origin.store().location(),
                    now.message());
        }
        trouble = Optional.of(now);
    }

    void answered() {
        answeredAt = Optional.of(clock().instant());
        if (trouble.isPresent()) {
            trouble = Optional.empty();
        }
    }

    void unreachable(ObjectKey key, String reason) {
        unreachable.add(key, reason);
        UnreachableKeys ofRun = unreachableOfRun;
        if (ofRun != null) {
            ofRun.add(key, reason);
        }
    }

    /** Whether a reader's question was answered for this name after the time. */
    boolean knowsSince(long millis, Directory directory, EntryName name) {
        if (parts.directories().ifInUse(directory.id()).orElse(directory).wasVerifiedAfter(millis)) {
            return true;
        }
        Long checked = checkedMillis.getIfPresent(new RowPlace(directory.id(), name));
        return checked != null && checked > millis;
    }

    Optional<Long> checkedMillis(RowPlace place) {
        return Optional.ofNullable(checkedMillis.getIfPresent(place));
    }

    void checkedAt(RowPlace place, long millis) {
        checkedMillis.put(place, millis);
    }

    Directory directory() throws IOException {
        return parts.directories()
                .find(point.directoryId())
                .orElseThrow(() -> new IOException("the mount at \"" + point.path() + "\" has ended"));
    }

    /** Whether the catalog holds none of the origin's names; the mount's own directory is not one of them. */
    boolean hasNoNames() {
        Totals totals = parts.names().totals(number);
        return totals.files() == 0 && totals.directories() <= (point.path().isEmpty() ? 0 : 1);
    }

    int number() {
        return number;
    }

    MountPoint point() {
        return point;
    }

    public MountId mountId() {
        return point.mountId();
    }

    public MountSettings settings() {
        return settings;
    }

    Origin origin() {
        return origin;
    }

    /** When the newest full listing that ended well was started; {@link Long#MIN_VALUE} for never. */
    long listedMillis() {
        return listedMillis;
    }

    /** When the directory of this prefix was last listed with all others: it may be ahead of the listing's end. */
    long listedMillis(Bytes prefix) {
        Optional<Progress> known = progress;
        return known.isPresent() && known.get().isBehind(prefix)
                ? Math.max(listedMillis, known.get().startedMillis())
                : listedMillis;
    }

    void listedUpTo(ListingRun run, ObjectKey lastKey) {
        progress = Optional.of(new Progress(run.startedMillis(), lastKey.bytes()));
    }

    long nowMillis() {
        return clock().millis();
    }

    private Clock clock() {
        return parts.clock();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static String listedFact(int number) {
        return "listed-" + number;
    }

    private static String unreachableFact(int number) {
        return "unreachable-" + number;
    }
}
