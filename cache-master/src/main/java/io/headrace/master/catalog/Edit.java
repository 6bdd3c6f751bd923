package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.NamespaceChange;
import io.headrace.storage.ObjectStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** One set of changes, made with the write lock of {@link Names} held. Not thread-safe. */
final class Edit {
    private static final int REMOVAL_ROWS = 1000;

    private final EditParts parts;
    private final CatalogTables.Batch batch;
    private final EditedRows rows;
    private final List<NamespaceChange> changes = new ArrayList<>();
    private final Map<Integer, Tally> tallies = new HashMap<>();
    private final Map<Long, Directory> changed = new HashMap<>();
    private Optional<Target> target = Optional.empty();
    private boolean rootChanged;
    private boolean nextGeneration;

    /** Where the new files of a listing go, for as long as they go there. */
    private record Target(Directory directory, int mount, Tally tally) {}

    Edit(EditParts parts, CatalogTables.Batch batch) {
        this.parts = parts;
        this.batch = batch;
        this.rows = new EditedRows(parts.tables(), parts.faults());
    }

    long nextId() throws IOException {
        return parts.ids().next();
    }

    void putFact(String key, byte[] value) throws IOException {
        rows.notOnlyNew();
        batch.putFact(key, value);
    }

    /** Counts a full listing that ended well. */
    void nextGeneration() {
        rows.notOnlyNew();
        nextGeneration = true;
    }

    Optional<Row> row(Directory directory, EntryName name) throws IOException {
        return rows.row(RowPlace.encode(directory.id(), name.bytes()));
    }

    Optional<Row> row(PlacedRow placed) throws IOException {
        return rows.row(placed.place().encode());
    }

    long lastId() {
        return parts.ids().last();
    }

    /** Whether there was no name in the directory before this edit. */
    boolean isEmpty(Directory directory) throws IOException {
        return parts.tables()
                .rowsInside(RowPlace.encode(directory.id(), Bytes.EMPTY), 1)
                .isEmpty();
    }

    /** Says to all listings under way that the row was seen at the origin. */
    void met(Row row) {
        for (ListingRun run : parts.runs()) {
            run.met(row.id());
        }
    }

    /** Says to all listings under way that others put rows into this directory. */
    void share(Directory directory) {
        parts.runs().forEach(run -> run.notFresh(directory.id()));
    }

    /** Says to all listings but {@code own} that others put rows into this directory. */
    void share(Directory directory, ListingRun own) {
        for (ListingRun run : parts.runs()) {
            if (run != own) {
                run.notFresh(directory.id());
            }
        }
    }

    /** Makes the name stand for this version; it keeps its id when it already does. */
    void putFile(Directory directory, EntryName name, ObjectStatus status, Optional<Row> before) throws IOException {
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
        if (rows.putNew(directory.id(), key, nameFrom, row)) {
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
        DirectoryRow row =
                new DirectoryRow(nextId(), numberOf(directory), parts.clock().instant(), listed, false);
        put(directory, name, row, before);
        return row;
    }

    /** Makes a directory that stays whatever the origins say. */
    DirectoryRow pin(Directory directory, EntryName name, int mount, Optional<Row> before) throws IOException {
        DirectoryRow row = new DirectoryRow(nextId(), mount, parts.clock().instant(), true, true);
        put(directory, name, row, before);
        return row;
    }

    private void put(Directory directory, EntryName name, Row row, Optional<Row> before) throws IOException {
        if (before.isPresent()) {
            forget(directory, name, before.get());
        }
        rows.put(RowPlace.encode(directory.id(), name.bytes()), row);
        count(row, 1);
        met(row);
        if (parts.feed().hasListeners() || directory.isRoot()) {
            Optional<Row> shown = before.filter(old -> old.mount() == row.mount() || Names.isPinned(old));
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
        rows.delete(RowPlace.encode(directory.id(), name.bytes()));
        changed(directory, new NamespaceChange.Removed(directory.id(), name, row.id()));
    }

    /** Removes a row that nobody is shown: of a mount that is no more. */
    void discard(PlacedRow placed) {
        collect(placed);
        count(placed.row(), -1);
    }

    /** Removes a row that no directory leads to, since an import was cut behind its files; it was not counted. */
    void collect(PlacedRow placed) {
        rows.collect(placed.place().encode(), placed.row().id());
    }

    /** Changes what is stored of a directory that stays the same one. */
    void update(RowPlace place, DirectoryRow row) {
        rows.update(place.encode(), row);
        parts.directoryGone().accept(row.id());
    }

    private void forget(Directory directory, EntryName name, Row row) throws IOException {
        rows.forget(RowPlace.encode(directory.id(), name.bytes()), row);
        count(row, -1);
        if (row instanceof DirectoryRow inner) {
            RowPlace place = new RowPlace(directory.id(), name);
            removeInside(directory.child(place, inner));
            parts.runs().forEach(ListingRun::directoryWent);
            parts.directoryGone().accept(row.id());
        }
    }

    private void removeInside(Directory directory) throws IOException {
        byte[] from = RowPlace.encode(directory.id(), Bytes.EMPTY);
        while (true) {
            List<StoredRow> inside = parts.tables().rowsInside(from, REMOVAL_ROWS);
            for (StoredRow there : inside) {
                Optional<Row> row = rows.row(there.place());
                if (row.isPresent() && !Names.isPinned(row.get())) {
                    remove(directory, RowPlace.decode(there.place()).name(), row.get());
                }
            }
            if (inside.size() < REMOVAL_ROWS) {
                return;
            }
            from = RowPlace.behind(inside.getLast().place());
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

    private static int numberOf(Directory directory) {
        return directory.mount().map(CatalogMount::number).orElse(Row.NO_MOUNT);
    }

    List<NamespaceChange> changes() {
        return changes;
    }

    boolean isRootChanged() {
        return rootChanged;
    }

    boolean isNextGeneration() {
        return nextGeneration;
    }

    /** The totals of the mounts that it changes. */
    Map<Integer, Totals> totalsAfter(IntFunction<Totals> before) {
        Map<Integer, Totals> after = new HashMap<>();
        tallies.forEach((mount, tally) -> after.put(mount, tally.after(before.apply(mount))));
        return after;
    }

    /** Makes all visible. */
    void write() throws IOException {
        touchDirectories();
        rows.write(batch);
    }

    /** A directory's time is that of its newest change; one that was made in this very edit has it already. */
    private void touchDirectories() throws IOException {
        for (Directory directory : changed.values()) {
            boolean shared = parts.runs().stream().noneMatch(run -> run.isFresh(directory.id()));
            if (shared && !directory.isRoot() && !rows.isNew(directory.id())) {
                byte[] place = directory.place().encode();
                Optional<Row> row = rows.row(place);
                if (row.isPresent() && row.get() instanceof DirectoryRow stored && stored.id() == directory.id()) {
                    rows.touch(place, stored.touched(parts.clock().instant()));
                }
            }
        }
    }
}
