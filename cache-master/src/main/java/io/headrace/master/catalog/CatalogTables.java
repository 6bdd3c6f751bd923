package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The catalog's files: {@code names} (directory id, name → row), {@code ids} (id → directory id, name, and a file's row) and a few facts
 * by text key. Thread-safe. Every use holds the read side of a lock whose write side {@link #close} takes, since RocksDB
 * does not survive a call after its end.
 *
 * <p>The log is not synced but where said: it survives the process. What a crash of the machine loses, the next listing
 * finds again.
 */
final class CatalogTables implements AutoCloseable {
    private static final int SCAN_READ_AHEAD_BYTES = 256 << 10;
    /** Flags and two numbers. */
    private static final int HEAD_BYTES = 1 + 10 + 5;

    private final CatalogHome home;
    private final TableFailures failures;
    private final CatalogDatabase database;
    private final RocksDB db;
    private final ColumnFamilyHandle facts;
    private final ColumnFamilyHandle names;
    private final ColumnFamilyHandle ids;
    private final FileJoin join;
    private final WriteOptions unsynced = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private final Set<DirectoryScan> scans = ConcurrentHashMap.newKeySet();
    private final AtomicLong imports = new AtomicLong();
    private boolean closed;

    private CatalogTables(CatalogHome home, CatalogDatabase database, int mostFiles) {
        this.home = home;
        this.failures = new TableFailures(home);
        this.database = database;
        this.db = database.db();
        this.facts = database.facts();
        this.names = database.names();
        this.ids = database.ids();
        this.join = new FileJoin(db, mostFiles);
    }

    static CatalogTables open(CatalogHome home, long blockCacheBytes) throws IOException {
        return open(home, blockCacheBytes, CatalogDatabase.OPEN_FILES / 4);
    }

    /** @param mostFiles of a table that imports may leave */
    static CatalogTables open(CatalogHome home, long blockCacheBytes, int mostFiles) throws IOException {
        return new CatalogTables(home, CatalogDatabase.open(home, blockCacheBytes), mostFiles);
    }

    Optional<byte[]> name(byte[] place) throws IOException {
        return get(names, place);
    }

    Optional<IdRow> id(long id) throws IOException {
        Optional<byte[]> bytes = get(ids, idKey(id));
        return bytes.isPresent() ? Optional.of(IdRow.decode(bytes.get())) : Optional.empty();
    }

    Optional<RowPlace> placeOf(long id) throws IOException {
        return id(id).map(IdRow::place);
    }

    Optional<byte[]> fact(String key) throws IOException {
        return get(facts, utf8(key));
    }

    /** Stored before this returns, whatever happens to the machine. */
    void putFactSynced(String key, byte[] value) throws IOException {
        run(() -> db.put(facts, synced, utf8(key), value));
    }

    void deleteFactSynced(String key) throws IOException {
        run(() -> db.delete(facts, synced, utf8(key)));
    }

    /** Makes all of the batch visible at once. */
    void write(Batch batch) throws IOException {
        run(() -> db.write(unsynced, batch.changes));
    }

    Batch batch() {
        return new Batch();
    }

    /**
     * Adds many rows that are new, past the log and the memory: by writing the tables' own files. The rows of
     * {@code ids} become visible before those of {@code names}; a crash between leaves ids that lead to no name.
     */
    void ingest(NewFiles files, Runnable between) throws IOException {
        long number = imports.incrementAndGet();
        ImportFiles.Paths paths = new ImportFiles.Paths(
                home.imports().resolve("ids-" + number + ".sst"), home.imports().resolve("names-" + number + ".sst"));
        run(() -> {
            database.importFiles().write(files, paths);
            try (IngestExternalFileOptions move = new IngestExternalFileOptions().setMoveFiles(true)) {
                db.ingestExternalFile(ids, List.of(paths.ids().toString()), move);
                between.run();
                db.ingestExternalFile(names, List.of(paths.names().toString()), move);
            }
        });
        Files.deleteIfExists(paths.ids());
        Files.deleteIfExists(paths.names());
    }

    /** Makes few large files of what many imports left, where they left many; ends early when the tables are closed. */
    void joinImports() throws IOException {
        run(() -> join.join(List.of(names, ids)));
    }

    /** Files of {@code names} that imports left. */
    long importedFiles() throws IOException {
        return call(() -> join.files(names));
    }

    /** The rows from {@code from} on, in order, at most {@code limit}. */
    List<PlacedRow> rows(byte[] from, int limit) throws IOException {
        List<PlacedRow> found = new ArrayList<>();
        run(() -> {
            try (ReadOptions options = new ReadOptions().setFillCache(false).setReadaheadSize(SCAN_READ_AHEAD_BYTES);
                    RocksIterator rows = db.newIterator(names, options)) {
                for (rows.seek(from); rows.isValid() && found.size() < limit; rows.next()) {
                    found.add(new PlacedRow(RowPlace.decode(rows.key()), RowCodec.decode(rows.value())));
                }
                rows.status();
            }
        });
        return found;
    }

    /** The rows from this place on that are in the same directory, in order, at most {@code limit}. */
    List<StoredRow> rowsInside(byte[] from, int limit) throws IOException {
        List<StoredRow> found = new ArrayList<>();
        run(() -> {
            try (Slice end = new Slice(endOfDirectory(from));
                    ReadOptions options = new ReadOptions().setFillCache(false).setIterateUpperBound(end);
                    RocksIterator rows = db.newIterator(names, options)) {
                for (rows.seek(from); rows.isValid() && found.size() < limit; rows.next()) {
                    found.add(new StoredRow(rows.key(), rows.value()));
                }
                rows.status();
            }
        });
        return found;
    }

    /** @param next where to go on; empty at the end */
    record Found(List<PlacedRow> rows, Optional<byte[]> next) {}

    /** Those of the next {@code limit} rows from {@code from} on that are wanted, in order. */
    Found find(byte[] from, int limit, Predicate<RowHead> wanted) throws IOException {
        return call(() -> {
            try (ReadOptions options = new ReadOptions().setFillCache(false).setReadaheadSize(SCAN_READ_AHEAD_BYTES);
                    RocksIterator rows = db.newIterator(names, options)) {
                rows.seek(from);
                return find(rows, limit, wanted);
            }
        });
    }

    /** As {@link #find}, but ends where the directory does. */
    Found findInside(byte[] from, int limit, Predicate<RowHead> wanted) throws IOException {
        return call(() -> {
            try (Slice end = new Slice(endOfDirectory(from));
                    ReadOptions options = new ReadOptions().setFillCache(false).setIterateUpperBound(end);
                    RocksIterator rows = db.newIterator(names, options)) {
                rows.seek(from);
                return find(rows, limit, wanted);
            }
        });
    }

    private static Found find(RocksIterator rows, int limit, Predicate<RowHead> wanted)
            throws RocksDBException, IOException {
        List<PlacedRow> found = new ArrayList<>();
        byte[] head = new byte[HEAD_BYTES];
        for (int looked = 0; looked < limit && rows.isValid(); looked++) {
            int length = Math.min(rows.value(head), HEAD_BYTES);
            if (wanted.test(RowCodec.decodeHead(head, length))) {
                found.add(new PlacedRow(RowPlace.decode(rows.key()), RowCodec.decode(rows.value())));
            }
            rows.next();
        }
        rows.status();
        return new Found(found, rows.isValid() ? Optional.of(rows.key()) : Optional.empty());
    }

    private static byte[] endOfDirectory(byte[] place) {
        return idKey(ByteBuffer.wrap(place).getLong() + 1);
    }

    /** The rows of one directory as they are now, for as long as the scan is open. */
    DirectoryScan scan(long directoryId) throws IOException {
        return call(() -> {
            DirectoryScan scan = new DirectoryScan(database, failures, directoryId, scans::remove);
            scans.add(scan);
            return scan;
        });
    }

    /** All that is visible now, as files in a directory that must not be there yet; of the same disk, by links. */
    void copyTo(Path target) throws IOException {
        run(() -> {
            try (Checkpoint checkpoint = Checkpoint.create(db)) {
                checkpoint.createCheckpoint(target.toString());
            }
        });
    }

    /** Bytes on disk, roughly. */
    long diskBytes() throws IOException {
        return call(() -> db.getAggregatedLongProperty("rocksdb.total-sst-files-size"));
    }

    /** Brings the files into their smallest form; for measurements and after a large import. */
    void compact() throws IOException {
        run(() -> {
            db.compactRange(names);
            db.compactRange(ids);
        });
    }

    @Override
    public void close() {
        List.copyOf(scans).forEach(DirectoryScan::close);
        join.cancel();
        life.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            List.copyOf(scans).forEach(DirectoryScan::close);
            join.close();
            database.close();
            List.of(unsynced, synced).forEach(RocksObject::close);
        } finally {
            life.writeLock().unlock();
        }
    }

    private interface Work<T> {
        T call() throws RocksDBException, IOException;
    }

    private interface Action {
        void run() throws RocksDBException, IOException;
    }

    // No Work: for C1 to make a lambda that captures is a call into the JVM (docs/design/catalog.md).
    private Optional<byte[]> get(ColumnFamilyHandle table, byte[] key) throws IOException {
        life.readLock().lock();
        try {
            requireOpen();
            return Optional.ofNullable(db.get(table, key));
        } catch (RocksDBException e) {
            throw failures.of(e);
        } finally {
            life.readLock().unlock();
        }
    }

    private void run(Action action) throws IOException {
        life.readLock().lock();
        try {
            requireOpen();
            action.run();
        } catch (RocksDBException e) {
            throw failures.of(e);
        } finally {
            life.readLock().unlock();
        }
    }

    private <T> T call(Work<T> work) throws IOException {
        life.readLock().lock();
        try {
            requireOpen();
            return work.call();
        } catch (RocksDBException e) {
            throw failures.of(e);
        } finally {
            life.readLock().unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the catalog in " + home.path() + " is closed");
        }
    }

    private static byte[] idKey(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Changes that become visible at once. Not thread-safe. */
    final class Batch implements AutoCloseable {
        private final WriteBatch changes = new WriteBatch();

        void putRow(byte[] place, byte[] row) throws IOException {
            add(() -> changes.put(names, place, row));
        }

        void deleteRow(byte[] place) throws IOException {
            add(() -> changes.delete(names, place));
        }

        /** @param row as {@link IdRow} has it */
        void putId(long id, byte[] row) throws IOException {
            add(() -> changes.put(ids, idKey(id), row));
        }

        void deleteId(long id) throws IOException {
            add(() -> changes.delete(ids, idKey(id)));
        }

        void putFact(String key, byte[] value) throws IOException {
            add(() -> changes.put(facts, utf8(key), value));
        }

        private void add(Action action) throws IOException {
            try {
                action.run();
            } catch (RocksDBException e) {
                throw failures.of(e);
            }
        }

        @Override
        public void close() {
            changes.close();
        }
    }
}
