package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final int COUNTED_ROWS = 1000;

    private final CatalogTables tables;
    private final ChangeFeed feed;
    private final Clock clock;
    private final EditParts parts;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Integer, Totals> totals = new ConcurrentHashMap<>();
    private volatile long rootModifiedMillis;
    private volatile long generation;

    /** @param directoryGone called with the write lock held, for each directory whose row went or changed */
    Names(CatalogTables tables, ChangeFeed feed, FaultPoints faults, Clock clock, LongConsumer directoryGone)
            throws IOException {
        this.tables = tables;
        this.feed = feed;
        this.clock = clock;
        IdCounter ids = IdCounter.open(tables, clock);
        this.parts = new EditParts(tables, ids, new HashSet<>(), feed, faults, clock, directoryGone);
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
            Edit edit = new Edit(parts, batch);
            T result = change.apply(edit);
            commit(edit, batch);
            return result;
        } finally {
            writing.unlock();
        }
    }

    private void commit(Edit edit, CatalogTables.Batch batch) throws IOException {
        Map<Integer, Totals> totalsAfter = edit.totalsAfter(this::totals);
        for (Map.Entry<Integer, Totals> after : totalsAfter.entrySet()) {
            batch.putFact(totalsFact(after.getKey()), after.getValue().encode());
        }
        long now = clock.millis();
        if (edit.isRootChanged()) {
            batch.putFact(ROOT_MODIFIED, number(now));
        }
        if (edit.isNextGeneration()) {
            batch.putFact(GENERATION, number(generation + 1));
        }
        edit.write();
        totals.putAll(totalsAfter);
        rootModifiedMillis = edit.isRootChanged() ? now : rootModifiedMillis;
        generation = edit.isNextGeneration() ? generation + 1 : generation;
        feed.publish(edit.changes());
    }

    ListingRun begin() {
        writing.lock();
        try {
            ListingRun run = new ListingRun(clock.millis(), parts.ids().last());
            parts.runs().add(run);
            return run;
        } finally {
            writing.unlock();
        }
    }

    void end(ListingRun run) {
        writing.lock();
        try {
            parts.runs().remove(run);
        } finally {
            writing.unlock();
        }
    }

    /** Waits a little for slow listeners; for those who make many changes, before they make more. */
    void awaitListeners() throws InterruptedException {
        feed.awaitRoom();
    }

    /** For after a listing: what its imports left many of becomes few. */
    void joinImports() throws IOException {
        tables.joinImports();
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
                List<PlacedRow> rows = tables.rows(from, COUNTED_ROWS);
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
                if (rows.size() < COUNTED_ROWS) {
                    break;
                }
                from = RowPlace.behind(rows.getLast().place().encode());
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

    private Optional<Long> number(String fact) throws IOException {
        return tables.fact(fact).map(bytes -> ByteBuffer.wrap(bytes).getLong());
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static String totalsFact(int mount) {
        return "totals-" + mount;
    }

    static boolean isPinned(Row row) {
        return row instanceof DirectoryRow directory && directory.pinned();
    }
}
