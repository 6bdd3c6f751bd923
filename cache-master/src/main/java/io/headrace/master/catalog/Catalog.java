package io.headrace.master.catalog;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.storage.UnderStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of one or more origins, as a versioned snapshot on the local disk.
 *
 * <p><b>What is stored.</b> A row for each name, by directory id and name; the way back from each id, and a file's row there once more. Ids are given out
 * once for ever; a directory keeps its id, a file has one for each version. The key of an object is the path inside its
 * mount, so it is not stored. Keys without a path are reported ({@link #unreachable}); see {@code docs/semantics.md}.
 *
 * <p><b>Where names come from.</b> Two kinds of listing write into the same rows. A full listing streams all keys of a
 * mount in the background, at first and at intervals. A reader's question about a directory (or one name of a large one)
 * that is older than the mount's bound asks the origin for just that; so a mount is ready at once, however large
 * its origin. Each listing marks what it meets, and all listings under way also mark what the others met; at its end, and
 * only when it came to its end, what was there at its start and was not met is removed. A page of a full listing never overwrites the answer to
 * a question that was asked after the page.
 *
 * <p><b>Freshness.</b> A directory is as fresh as the later of the start of the mount's last complete full listing and of
 * its own last listing. {@link Freshness} compares that with the bound. Names that nobody asks for are as fresh as the last full listing.
 * A reader's question has a deadline, the wait for another's answer in it; then an old answer serves, or an error says so.
 *
 * <p><b>Concurrency.</b> Reads take no lock but the one that keeps RocksDB open. Lock order: a mount's listing lock, a
 * directory's refresh lock, the write lock of {@link Names}, the life lock of {@link CatalogTables}. The origin is never
 * asked with the write lock held. Changes are handed to {@link ChangeFeed} with it held, which fixes their order.
 *
 * <p><b>Crashes.</b> An edit is one RocksDB batch; an import adds ids before names, so that a crash leaves at most ids
 * that lead to no name, and a half listed catalog is one whose listing did not come to its end. A damaged catalog is
 * thrown away and listed again; its ids are not given out a second time (see {@link IdCounter}).
 */
public final class Catalog implements Namespace, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    /** Enough for a directory of a million names at 100 ms for each thousand. */
    static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    private final CatalogHome home;
    private final CatalogTables tables;
    private final ChangeFeed feed;
    private final Background background;
    private final Names names;
    private final Directories directories;
    private final Freshness freshness;
    private final Mounts mounts;

    private Catalog(CatalogHome home, CatalogTables tables, CatalogSettings settings, Surroundings around)
            throws IOException {
        this.home = home;
        this.tables = tables;
        this.background = around.background;
        this.feed = new ChangeFeed();
        this.mounts = new Mounts(tables, around.meters);
        this.directories = new Directories(tables, mounts::mounted, mounts.wasUsedBefore());
        this.names = new Names(tables, feed, around.faults, around.clock, directories::forget);
        this.freshness = new Freshness(names, background, around.answerWithin);
        mounts.join(new CatalogParts(
                tables,
                names,
                directories,
                background,
                settings,
                around.clock,
                around.faults,
                mounts::unmount,
                mounts.dead()));
    }

    record Surroundings(
            Clock clock, MeterRegistry meters, FaultPoints faults, Background background, Duration answerWithin) {}

    /**
     * Opens the catalog in {@code directory}, or makes one. A damaged one is thrown away, with a line in the log, and
     * listed again. Names show when their origins are {@link #mount}ed.
     *
     * @param clock for the staleness bound and the times of directories
     * @throws IOException when another process owns the directory, or it is no catalog of this format; the message says
     *     what to do
     */
    public static Catalog open(
            Path directory, CatalogSettings settings, Clock clock, MeterRegistry meters, FaultPoints faults)
            throws IOException {
        return open(
                directory, settings, new Surroundings(clock, meters, faults, new BackgroundThreads(), ANSWER_WITHIN));
    }

    static Catalog open(Path directory, CatalogSettings settings, Surroundings around) throws IOException {
        CatalogHome home = CatalogHome.open(directory.toAbsolutePath().normalize());
        try {
            CatalogTables tables = openTables(home, settings);
            if (home.isRestored()) {
                IdCounter.continueAt(tables, around.clock());
                home.forgetRestored();
            }
            return new Catalog(home, tables, settings, around);
        } catch (IOException e) {
            home.close();
            throw e;
        }
    }

    private static CatalogTables openTables(CatalogHome home, CatalogSettings settings) throws IOException {
        if (home.isMarkedDamaged()) {
            LOG.warn("the catalog in {} was found damaged: it is built again from the origins", home.path());
            home.clear();
        }
        try {
            return CatalogTables.open(home, settings.blockCache().bytes());
        } catch (TableFailures.DamagedException e) {
            LOG.warn("{}: it is built again from the origins", e.getMessage());
            home.clear();
            return CatalogTables.open(home, settings.blockCache().bytes());
        }
    }

    /**
     * Shows an origin's names, at once: what was listed earlier is there already, the rest is found when it is asked for.
     * The first full listing runs in the background. The store must stay open until the mount or the catalog is closed.
     *
     * @param subdirectory names with slashes between; {@code ""} for the root
     * @throws IllegalArgumentException when a name in the path cannot be one, or the place is taken
     */
    public CatalogMount mount(String subdirectory, UnderStore store, MountSettings settings) throws IOException {
        CatalogMount mounted = mounts.mount(subdirectory, store, settings);
        mounted.start();
        return mounted;
    }

    public List<CatalogMount> mounts() {
        return mounts.all();
    }

    /** Keys of all mounts that no path leads to. */
    public UnreachableReport unreachable() {
        List<UnreachableReport> reports =
                mounts.all().stream().map(mount -> mount.status().unreachable()).toList();
        return new UnreachableReport(
                reports.stream().flatMap(report -> report.named().stream()).toList(),
                reports.stream().mapToLong(UnreachableReport::count).sum());
    }

    /** One more for each full listing that ended well. */
    public long generation() {
        return names.generation();
    }

    @Override
    public Optional<Entry> lookup(long directoryId, EntryName name) throws IOException {
        Optional<Directory> directory = directories.find(directoryId);
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        Optional<CatalogMount> mount = directory.get().mount();
        if (mount.isPresent()) {
            freshness.require(mount.get(), directory.get(), name);
        }
        Optional<Row> row = names.row(RowPlace.encode(directoryId, name.bytes()));
        return row.isPresent() && mounts.isVisible(row.get())
                ? Optional.of(directory.get().entryOf(name, row.get()))
                : Optional.empty();
    }

    @Override
    public Optional<Entry> entry(long id) throws IOException {
        Optional<PlacedRow> placed = placed(id);
        if (placed.isEmpty()) {
            return Optional.empty();
        }
        RowPlace place = placed.get().place();
        Optional<Directory> directory = directories.find(place.directoryId());
        return directory.isPresent()
                ? Optional.of(directory.get().entryOf(place.name(), placed.get().row()))
                : Optional.empty();
    }

    @Override
    public Optional<Long> parentOf(long id) throws IOException {
        return id == ROOT_ID
                ? Optional.of(ROOT_ID)
                : placed(id).map(placed -> placed.place().directoryId());
    }

    /**
     * The origin that an id is of; empty for the root and for directories above the origins' own.
     *
     * @throws NoSuchFileException when nothing has this id any more
     */
    public Optional<MountId> originOf(long id) throws IOException {
        if (id == ROOT_ID) {
            return mounts.all().stream()
                    .filter(mount -> mount.point().path().isEmpty())
                    .map(CatalogMount::mountId)
                    .findFirst();
        }
        return mounts.mounted(placed(id).orElseThrow(() -> gone(id)).row().mount())
                .map(CatalogMount::mountId);
    }

    private Optional<PlacedRow> placed(long id) throws IOException {
        Optional<IdRow> found = tables.id(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RowPlace place = found.get().place();
        Optional<Row> file = found.get().file();
        Optional<Row> row = file.isPresent() ? file : names.row(place.encode());
        return row.isPresent() && row.get().id() == id && mounts.isVisible(row.get())
                ? Optional.of(new PlacedRow(place, row.get()))
                : Optional.empty();
    }

    @Override
    public Instant rootModified() {
        return names.rootModified();
    }

    @Override
    public DirectoryCursor openDirectory(long directoryId) throws IOException {
        Directory directory = directories.find(directoryId).orElseThrow(() -> gone(directoryId));
        if (directory.mount().isPresent()) {
            freshness.require(directory.mount().get(), directory);
            if (directories.find(directoryId).isEmpty()) {
                throw gone(directoryId);
            }
        }
        return new NamesCursor(directory, tables.scan(directoryId), mounts::isVisible);
    }

    private static NoSuchFileException gone(long directoryId) {
        return new NoSuchFileException("directory " + directoryId, null, "it was removed at its origin");
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        return feed.subscribe(listener);
    }

    @Override
    public NamespaceTotals totals() {
        long files = 0;
        long inside = 0;
        long bytes = 0;
        for (CatalogMount mount : mounts.all()) {
            NamespaceTotals of = mount.status().totals();
            files += of.files();
            inside += of.directories();
            bytes += of.bytes();
        }
        return new NamespaceTotals(files, inside, bytes);
    }

    /** The catalog's files as they are now; it goes on meanwhile. They take room on the disk only when it goes on for long. */
    public CatalogCopy copy() throws IOException {
        CatalogCopy copy = home.newCopy();
        try {
            tables.copyTo(copy.directory().resolve("names"));
            return copy;
        } catch (IOException e) {
            copy.close();
            throw e;
        }
    }

    /** Bytes that the catalog takes on disk, without what is only in its log. */
    public long diskBytes() throws IOException {
        return tables.diskBytes();
    }

    /** Brings the files into their smallest form now, which also happens by itself. */
    public void compact() throws IOException {
        tables.compact();
    }

    /** Ends the background work and gives the directory back. Open cursors fail from now on. */
    @Override
    public void close() throws IOException {
        background.close();
        feed.close();
        mounts.markClean();
        tables.close();
        home.close();
    }
}
