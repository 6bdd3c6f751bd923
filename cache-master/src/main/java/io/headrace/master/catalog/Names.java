package io.headrace.master.catalog;

import io.headrace.master.catalog.CatalogTables.RowPlaceKey;
import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.storage.ObjectStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * All changes of rows go through here, one {@link Edit} at a time. An edit becomes visible as a whole (but for imports,
 * whose rows were never there before), and its changes are published in the order in which edits became visible.
 */
final class Names {
    private static final String ROOT_MODIFIED = "root-modified";
    private static final String GENERATION = "generation";
    private static final int IMPORT_ROWS = 4096;
    private static final int REMOVAL_ROWS = 1000;

    private final CatalogTables tables;
    private final ChangeFeed feed;
    private final FaultPoints faults;
    private final Clock clock;
    private final LongConsumer directoryGone;
    private final IdCounter ids;
    private final ReentrantLock writing = new ReentrantLock();
    private final Set<ListingRun> runs = new HashSet<>();
    private final Map<Integer, Totals> totals = new ConcurrentHashMap<>();
    private volatile long rootModifiedMillis;
    private volatile long generation;

    /** @param directoryGone called with the write lock held, for each directory whose row went or changed */
    Names(CatalogTables tables, ChangeFeed feed, FaultPoints faults, Clock clock, LongConsumer directoryGone)
            throws IOException {
        this.tables = tables;
        this.feed = feed;
        this.faults = faults;
        this.clock = clock;
        this.directoryGone = directoryGone;
        this.ids = IdCounter.open(tables, clock);
        this.rootModifiedMillis = number(ROOT_MODIFIED).orElse(clock.millis());
        this.generation = number(GENERATION).orElse(0L);
    }

    interface Change<T> {
        T apply(Edit edit) throws IOException;
    }

    /** Applies a change; when it throws, nothing of it is seen. */
    <T> T edit(Change<T> change) throws IOException {
        writing.lock();
        try (CatalogTables.Batch batch = tables.batch()) {
            Edit edit = new Edit(batch);
            T result = change.apply(edit);
            edit.commit();
            return result;
        } finally {
            writing.unlock();
        }
    }

    ListingRun begin() {
        writing.lock();
        try {
            ListingRun run = new ListingRun(clock.millis(), ids.last());
            runs.add(run);
            return run;
        } finally {
            writing.unlock();
        }
    }

    void end(ListingRun run) {
        writing.lock();
        try {
            runs.remove(run);
        } finally {
            writing.unlock();
        }
    }

    /** Waits a little for slow listeners; for those who make many changes, before they make more. */
    void awaitListeners() throws InterruptedException {
        feed.awaitRoom();
    }

    Totals totals(int mount) {
        return totals.getOrDefault(mount, Totals.NONE);
    }

    void restoreTotals(int mount) throws IOException {
        tables.fact(totalsFact(mount)).ifPresent(bytes -> totals.put(mount, Totals.decode(bytes)));
    }

    /** Counts all rows again, but for those that no directory leads to, after an end that may have left the counts wrong. */
    void recount() throws IOException {
        writing.lock();
        try {
            Map<Integer, Tally> counted = new HashMap<>();
            long directory = Namespace.ROOT_ID;
            boolean reachable = true;
            byte[] from = new byte[0];
            while (true) {
                List<PlacedRow> rows = tables.rows(from, REMOVAL_ROWS);
                for (PlacedRow placed : rows) {
                    if (placed.place().directoryId() != directory) {
                        directory = placed.place().directoryId();
                        reachable = directory == Namespace.ROOT_ID
                                || tables.placeOf(directory).isPresent();
                    }
                    if (reachable) {
                        counted.computeIfAbsent(placed.row().mount(), absent -> new Tally())
                                .count(placed.row(), 1);
                    }
                }
                if (rows.size() < REMOVAL_ROWS) {
                    break;
                }
                from = behind(rows.getLast().place().encode());
            }
            totals.clear();
            counted.forEach((mount, tally) -> totals.put(mount, tally.after(Totals.NONE)));
        } finally {
            writing.unlock();
        }
    }

    Instant rootModified() {
        return Instant.ofEpochMilli(rootModifiedMillis);
    }

    long generation() {
        return generation;
    }

    /** Those of the next {@code limit} rows from {@code from} on that are wanted, and where to go on. */
    CatalogTables.Found find(byte[] from, int limit, Predicate<RowHead> wanted) throws IOException {
        return tables.find(from, limit, wanted);
    }

    /** As {@link #find}, but ends where the directory of {@code from} does. */
    CatalogTables.Found findInside(byte[] from, int limit, Predicate<RowHead> wanted) throws IOException {
        return tables.findInside(from, limit, wanted);
    }

    Optional<Row> row(byte[] place) throws IOException {
        Optional<byte[]> bytes = tables.name(place);
        return bytes.isPresent() ? Optional.of(RowCodec.decode(bytes.get())) : Optional.empty();
    }

    /** The least place behind this one. */
    static byte[] behind(byte[] place) {
        return Arrays.copyOf(place, place.length + 1);
    }

    private Optional<Long> number(String fact) throws IOException {
        return tables.fact(fact).map(bytes -> ByteBuffer.wrap(bytes).getLong());
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    static String totalsFact(int mount) {
        return "totals-" + mount;
    }

    /** One set of changes, made with the write lock held. */
    final class Edit {
        private final CatalogTables.Batch batch;
        private final Map<RowPlaceKey, Optional<Row>> pending = new LinkedHashMap<>();
        private final NewFiles newFiles = new NewFiles();
        private final RowsAhead stored = new RowsAhead(tables);
        private final Map<RowPlaceKey, Row> touched = new LinkedHashMap<>();
        private final Map<Long, byte[]> newIds = new LinkedHashMap<>();
        private final List<Long> goneIds = new ArrayList<>();
        private final List<NamespaceChange> changes = new ArrayList<>();
        private final Map<Integer, Tally> tallies = new HashMap<>();
        private final Map<Long, Directory> changed = new HashMap<>();
        private Optional<Target> target = Optional.empty();
        private boolean onlyNew = true;
        private boolean rootChanged;

        /** Where the new files of a listing go, for as long as they go there. */
        private record Target(Directory directory, int mount, Tally tally) {}

        private Edit(CatalogTables.Batch batch) {
            this.batch = batch;
        }

        long nextId() throws IOException {
            return ids.next();
        }

        void putFact(String key, byte[] value) throws IOException {
            onlyNew = false;
            batch.putFact(key, value);
        }

        void nextGeneration() throws IOException {
            long next = generation + 1;
            putFact(GENERATION, number(next));
            generation = next;
        }

        Optional<Row> row(Directory directory, EntryName name) throws IOException {
            return row(RowPlace.encode(directory.id(), name.bytes()));
        }

        Optional<Row> row(PlacedRow placed) throws IOException {
            return row(placed.place().encode());
        }

        long lastId() {
            return ids.last();
        }

        /** Whether there was no name in the directory before this edit. */
        boolean isEmpty(Directory directory) throws IOException {
            return tables.rowsInside(RowPlace.encode(directory.id(), Bytes.EMPTY), 1)
                    .isEmpty();
        }

        private Optional<Row> row(byte[] place) throws IOException {
            Optional<Row> changed = pending.get(new RowPlaceKey(place));
            if (changed != null) {
                return changed;
            }
            OptionalInt added = newFiles.find(place);
            Optional<byte[]> bytes =
                    added.isPresent() ? Optional.of(newFiles.row(added.getAsInt())) : stored.row(place);
            return bytes.isPresent() ? Optional.of(RowCodec.decode(bytes.get())) : Optional.empty();
        }

        /** Says to all listings under way that the row was seen at the origin. */
        void met(Row row) {
            for (ListingRun run : runs) {
                run.met(row.id());
            }
        }

        /** Says to all listings under way that others put rows into this directory. */
        void share(Directory directory) {
            runs.forEach(run -> run.notFresh(directory.id()));
        }

        /** Says to all listings but {@code own} that others put rows into this directory. */
        void share(Directory directory, ListingRun own) {
            for (ListingRun run : runs) {
                if (run != own) {
                    run.notFresh(directory.id());
                }
            }
        }

        /** Makes the name stand for this version; it keeps its id when it already does. */
        void putFile(Directory directory, EntryName name, ObjectStatus status, Optional<Row> before)
                throws IOException {
            if (before.isPresent() && before.get() instanceof FileRow file && file.isVersion(status)) {
                met(file);
                return;
            }
            put(directory, name, FileRow.of(nextId(), numberOf(directory), status), before);
        }

        /**
         * Adds the file of a name for which there is nothing yet, in a directory that nobody was answered about: nothing is
         * looked for, and nobody is told.
         *
         * @param nameFrom where in the key of the object the name starts
         */
        void putNew(Directory directory, ObjectStatus status, int nameFrom) throws IOException {
            Bytes key = status.key().bytes();
            Target to = targetOf(directory);
            FileRow row = FileRow.of(nextId(), to.mount(), status);
            if (newFiles.add(directory.id(), key, nameFrom, row)) {
                to.tally().count(row, 1);
            } else {
                EntryName name = new EntryName(key.slice(nameFrom, key.length()));
                putFile(directory, name, status, row(directory, name));
            }
        }

        private Target targetOf(Directory directory) {
            if (target.isEmpty() || target.get().directory() != directory) {
                int mount = numberOf(directory);
                target = Optional.of(new Target(directory, mount, tally(mount)));
                changed.put(directory.id(), directory);
                rootChanged |= directory.isRoot();
            }
            return target.get();
        }

        DirectoryRow putDirectory(Directory directory, EntryName name, boolean listed, Optional<Row> before)
                throws IOException {
            DirectoryRow row = new DirectoryRow(nextId(), numberOf(directory), clock.instant(), listed, false);
            put(directory, name, row, before);
            return row;
        }

        /** Makes a directory that stays whatever the origins say. */
        DirectoryRow pin(Directory directory, EntryName name, int mount, Optional<Row> before) throws IOException {
            DirectoryRow row = new DirectoryRow(nextId(), mount, clock.instant(), true, true);
            put(directory, name, row, before);
            return row;
        }

        private void put(Directory directory, EntryName name, Row row, Optional<Row> before) throws IOException {
            if (before.isPresent()) {
                forget(directory, name, before.get());
            }
            byte[] place = RowPlace.encode(directory.id(), name.bytes());
            pending.put(new RowPlaceKey(place), Optional.of(row));
            newIds.put(row.id(), place);
            count(row, 1);
            met(row);
            if (feed.hasListeners() || directory.isRoot()) {
                Optional<Row> shown = before.filter(old -> old.mount() == row.mount() || isPinned(old));
                changed(
                        directory,
                        shown.isPresent()
                                ? new NamespaceChange.Replaced(
                                        directory.id(), name, shown.get().id(), directory.entryOf(name, row))
                                : new NamespaceChange.Added(directory.id(), name, directory.entryOf(name, row)));
            } else {
                this.changed.put(directory.id(), directory);
            }
        }

        void remove(Directory directory, EntryName name, Row row) throws IOException {
            forget(directory, name, row);
            pending.put(new RowPlaceKey(RowPlace.encode(directory.id(), name.bytes())), Optional.empty());
            changed(directory, new NamespaceChange.Removed(directory.id(), name, row.id()));
        }

        /** Removes a row that nobody is shown: of a mount that is no more. */
        void discard(PlacedRow placed) {
            collect(placed);
            count(placed.row(), -1);
        }

        /** Removes a row that no directory leads to, since an import was cut behind its files; it was not counted. */
        void collect(PlacedRow placed) {
            onlyNew = false;
            pending.put(new RowPlaceKey(placed.place().encode()), Optional.empty());
            goneIds.add(placed.row().id());
        }

        /** Changes what is stored of a directory that stays the same one. */
        void update(RowPlace place, DirectoryRow row) {
            onlyNew = false;
            pending.put(new RowPlaceKey(place.encode()), Optional.of(row));
            directoryGone.accept(row.id());
        }

        private void forget(Directory directory, EntryName name, Row row) throws IOException {
            onlyNew = false;
            OptionalInt added = newFiles.find(RowPlace.encode(directory.id(), name.bytes()));
            if (added.isPresent()) {
                newFiles.remove(added.getAsInt());
            } else if (newIds.remove(row.id()) == null) {
                goneIds.add(row.id());
            }
            count(row, -1);
            if (row instanceof DirectoryRow inner) {
                RowPlace place = new RowPlace(directory.id(), name);
                removeInside(directory.child(place, inner));
                runs.forEach(ListingRun::directoryWent);
                directoryGone.accept(row.id());
            }
        }

        private void removeInside(Directory directory) throws IOException {
            byte[] from = RowPlace.encode(directory.id(), Bytes.EMPTY);
            while (true) {
                List<StoredRow> rows = tables.rowsInside(from, REMOVAL_ROWS);
                for (StoredRow there : rows) {
                    Optional<Row> row = row(there.place());
                    if (row.isPresent() && !isPinned(row.get())) {
                        remove(directory, RowPlace.decode(there.place()).name(), row.get());
                    }
                }
                if (rows.size() < REMOVAL_ROWS) {
                    return;
                }
                from = behind(rows.getLast().place());
            }
        }

        private void changed(Directory directory, NamespaceChange change) {
            changes.add(change);
            changed.put(directory.id(), directory);
            rootChanged |= directory.isRoot();
        }

        private void count(Row row, int sign) {
            tally(row.mount()).count(row, sign);
        }

        private Tally tally(int mount) {
            return tallies.computeIfAbsent(mount, absent -> new Tally());
        }

        private Map<Integer, Totals> newTotals() {
            Map<Integer, Totals> after = new HashMap<>();
            tallies.forEach((mount, tally) -> after.put(mount, tally.after(totals(mount))));
            return after;
        }

        private int numberOf(Directory directory) {
            return directory.mount().map(CatalogMount::number).orElse(Row.NO_MOUNT);
        }

        private void commit() throws IOException {
            touchDirectories();
            if (onlyNew && pending.size() >= IMPORT_ROWS) {
                movePendingFiles();
            }
            if (newFiles.size() >= IMPORT_ROWS) {
                ingest();
            } else {
                write();
            }
            newTotals().forEach(totals::put);
            if (rootChanged) {
                rootModifiedMillis = clock.millis();
            }
            feed.publish(changes);
        }

        private void movePendingFiles() {
            pending.entrySet().removeIf(added -> {
                boolean file = added.getValue().orElseThrow() instanceof FileRow row
                        && newFiles.add(added.getKey().bytes(), row);
                if (file) {
                    newIds.remove(added.getValue().orElseThrow().id());
                }
                return file;
            });
        }

        /** A directory's time is that of its newest change; one that was made in this very edit has it already. */
        private void touchDirectories() throws IOException {
            for (Directory directory : changed.values()) {
                boolean shared = runs.stream().noneMatch(run -> run.isFresh(directory.id()));
                if (shared && !directory.isRoot() && !newIds.containsKey(directory.id())) {
                    Optional<Row> row = row(directory.place().encode());
                    if (row.isPresent() && row.get() instanceof DirectoryRow stored && stored.id() == directory.id()) {
                        touched.put(new RowPlaceKey(directory.place().encode()), stored.touched(clock.instant()));
                    }
                }
            }
        }

        /** Files first: when it is cut behind them, no new directory leads to them, and a sweep collects them. */
        private void ingest() throws IOException {
            faults.reach("catalog.import.written");
            tables.ingest(newFiles, () -> faults.reach("catalog.import.ids-ingested"));
            faults.reach("catalog.import.ingested");
            fillBatch();
            tables.write(batch);
        }

        private void write() throws IOException {
            for (int number : newFiles.byId()) {
                byte[] place = newFiles.place(number);
                batch.putRow(place, newFiles.row(number));
                batch.putId(newFiles.id(number), place);
            }
            fillBatch();
            faults.reach("catalog.edit.ready");
            tables.write(batch);
            faults.reach("catalog.edit.written");
        }

        private void fillBatch() throws IOException {
            for (Map.Entry<RowPlaceKey, Optional<Row>> change : pending.entrySet()) {
                byte[] place = change.getKey().bytes();
                if (change.getValue().isPresent()) {
                    batch.putRow(place, RowCodec.encode(change.getValue().get()));
                } else {
                    batch.deleteRow(place);
                }
            }
            writeTouched();
            for (Map.Entry<Long, byte[]> id : newIds.entrySet()) {
                batch.putId(id.getKey(), id.getValue());
            }
            for (long id : goneIds) {
                batch.deleteId(id);
            }
            writeFacts();
        }

        private void writeTouched() throws IOException {
            for (Map.Entry<RowPlaceKey, Row> row : touched.entrySet()) {
                batch.putRow(row.getKey().bytes(), RowCodec.encode(row.getValue()));
            }
        }

        private void writeFacts() throws IOException {
            for (Map.Entry<Integer, Totals> total : newTotals().entrySet()) {
                batch.putFact(totalsFact(total.getKey()), total.getValue().encode());
            }
            if (rootChanged) {
                batch.putFact(ROOT_MODIFIED, number(clock.millis()));
            }
        }
    }

    static boolean isPinned(Row row) {
        return row instanceof DirectoryRow directory && directory.pinned();
    }
}
