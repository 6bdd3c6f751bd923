package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The catalog's files: {@code names} (directory id, name → row), {@code ids} (id → directory id, name) and a few facts
 * by text key. Thread-safe. Every use holds the read side of a lock whose write side {@link #close} takes, since RocksDB
 * does not survive a call after its end.
 *
 * <p>The log is not synced but where said: it survives the process. What a crash of the machine loses, the next listing
 * finds again.
 */
final class CatalogTables implements AutoCloseable {
    private static final long WRITE_BUFFER_BYTES = 4 << 20;
    private static final long WAL_BYTES = 16 << 20;
    private static final long FILE_BYTES = 32 << 20;
    private static final int SCAN_READ_AHEAD_BYTES = 256 << 10;
    /** Flags and two numbers. */
    private static final int HEAD_BYTES = 1 + 10 + 5;

    private final CatalogHome home;
    private final RocksDB db;
    private final ColumnFamilyHandle facts;
    private final ColumnFamilyHandle names;
    private final ColumnFamilyHandle ids;
    private final List<RocksObject> owned;
    private final WriteOptions unsynced = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final ImportFiles importFiles;
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private final Set<Scan> scans = ConcurrentHashMap.newKeySet();
    private final AtomicLong imports = new AtomicLong();
    private boolean closed;

    private CatalogTables(CatalogHome home, RocksDB db, List<ColumnFamilyHandle> families, List<RocksObject> owned) {
        this.home = home;
        this.db = db;
        this.facts = families.get(0);
        this.names = families.get(1);
        this.ids = families.get(2);
        this.owned = owned;
        this.importFiles = new ImportFiles(
                importOptions(tableFormat()), importOptions(tableFormat().setFilterPolicy((BloomFilter) owned.get(1))));
    }

    static CatalogTables open(CatalogHome home, long blockCacheBytes) throws IOException {
        RocksDB.loadLibrary();
        LRUCache cache = new LRUCache(blockCacheBytes);
        BloomFilter bloom = new BloomFilter(10);
        ColumnFamilyOptions family = new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(3)
                .setTargetFileSizeBase(FILE_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(tableFormat().setBlockCache(cache).setFilterPolicy(bloom));
        DBOptions options = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(WAL_BYTES)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(256)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(1);
        List<RocksObject> owned = List.of(cache, bloom, family, options);
        List<ColumnFamilyHandle> families = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(
                    options,
                    home.names().toString(),
                    List.of(
                            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                            new ColumnFamilyDescriptor(utf8("names"), family),
                            new ColumnFamilyDescriptor(utf8("ids"), family)),
                    families);
            return new CatalogTables(home, db, families, owned);
        } catch (RocksDBException e) {
            owned.reversed().forEach(RocksObject::close);
            String message = "the catalog in " + home.path() + " does not open: " + e.getMessage();
            throw isDamage(e) ? new DamagedException(message, e) : new IOException(message, e);
        }
    }

    private static Options importOptions(BlockBasedTableConfig format) {
        return new Options().setTableFormatConfig(format).setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    private static BlockBasedTableConfig tableFormat() {
        return new BlockBasedTableConfig().setFormatVersion(5).setBlockSize(4 << 10);
    }

    Optional<byte[]> name(byte[] place) throws IOException {
        return read(() -> db.get(names, place));
    }

    Optional<RowPlace> placeOf(long id) throws IOException {
        return read(() -> db.get(ids, idKey(id))).map(RowPlace::decode);
    }

    Optional<byte[]> fact(String key) throws IOException {
        return read(() -> db.get(facts, utf8(key)));
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
            importFiles.write(files, paths);
            try (IngestExternalFileOptions move = new IngestExternalFileOptions().setMoveFiles(true)) {
                db.ingestExternalFile(ids, List.of(paths.ids().toString()), move);
                between.run();
                db.ingestExternalFile(names, List.of(paths.names().toString()), move);
            }
        });
        Files.deleteIfExists(paths.ids());
        Files.deleteIfExists(paths.names());
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
    Scan scan(long directoryId) throws IOException {
        return call(() -> {
            Scan scan = new Scan(directoryId);
            scans.add(scan);
            return scan;
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
        List.copyOf(scans).forEach(Scan::close);
        life.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            List.copyOf(scans).forEach(Scan::free);
            List.of(facts, names, ids).forEach(RocksObject::close);
            db.close();
            importFiles.close();
            List.of(unsynced, synced).forEach(RocksObject::close);
            owned.reversed().forEach(RocksObject::close);
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

    private Optional<byte[]> read(Work<byte[]> work) throws IOException {
        return Optional.ofNullable(call(work));
    }

    private void run(Action action) throws IOException {
        life.readLock().lock();
        try {
            requireOpen();
            action.run();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            life.readLock().unlock();
        }
    }

    // NullAway: RocksDB's get answers null for an absent key, and only read() asks for it.
    @SuppressWarnings("NullAway")
    private <T> T call(Work<T> work) throws IOException {
        life.readLock().lock();
        try {
            requireOpen();
            return work.call();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            life.readLock().unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the catalog in " + home.path() + " is closed");
        }
    }

    private IOException failed(RocksDBException e) throws IOException {
        if (isDamage(e)) {
            home.markDamaged(String.valueOf(e.getMessage()));
            return new IOException(
                    "the catalog in " + home.path() + " is damaged (" + e.getMessage()
                            + "); it is built again from the origins at the next start",
                    e);
        }
        return new IOException("the catalog in " + home.path() + " failed: " + e.getMessage(), e);
    }

    /** Also a file that is missing, and one that is not what its name says. */
    private static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        return status != null
                && switch (status.getCode()) {
                    case Corruption, NotFound, InvalidArgument -> true;
                    case Ok,
                            NotSupported,
                            IOError,
                            MergeInProgress,
                            Incomplete,
                            ShutdownInProgress,
                            TimedOut,
                            Aborted,
                            Busy,
                            Expired,
                            TryAgain,
                            Undefined -> false;
                };
    }

    /** The files are there and make no sense. */
    static final class DamagedException extends IOException {
        DamagedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static byte[] idKey(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A row's place as bytes, in the order of the table. */
    static final class RowPlaceKey implements Comparable<RowPlaceKey> {
        private final byte[] bytes;

        /** The bytes are not copied, and stay as they are. */
        RowPlaceKey(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public int compareTo(RowPlaceKey that) {
            return Arrays.compareUnsigned(bytes, that.bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RowPlaceKey that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
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

        void putId(long id, byte[] place) throws IOException {
            add(() -> changes.put(ids, idKey(id), place));
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
                throw failed(e);
            }
        }

        @Override
        public void close() {
            changes.close();
        }
    }

    /** A place in a snapshot of one directory. Thread-safe, so that the tables can be closed under its holder. */
    final class Scan implements AutoCloseable {
        private final long directoryId;
        private final Snapshot snapshot;
        private final ReadOptions options;
        private final RocksIterator rows;
        private boolean freed;

        private Scan(long directoryId) {
            this.directoryId = directoryId;
            this.snapshot = db.getSnapshot();
            this.options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
            this.rows = db.newIterator(names, options);
            rows.seek(idKey(directoryId));
        }

        /** Moves to the row of this place, or the next behind it. */
        synchronized void seek(byte[] place) throws IOException {
            requireUsable();
            rows.seek(place);
        }

        synchronized void rewind() throws IOException {
            seek(idKey(directoryId));
        }

        /** The row here, moving on by one; empty behind the directory's last. */
        synchronized Optional<PlacedRow> next() throws IOException {
            requireUsable();
            if (!rows.isValid()) {
                requireGood();
                return Optional.empty();
            }
            byte[] place = rows.key();
            if (ByteBuffer.wrap(place).getLong() != directoryId) {
                return Optional.empty();
            }
            PlacedRow found = new PlacedRow(RowPlace.decode(place), RowCodec.decode(rows.value()));
            rows.next();
            return Optional.of(found);
        }

        private void requireGood() throws IOException {
            try {
                rows.status();
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        private void requireUsable() throws IOException {
            if (freed) {
                throw new IOException("the listing of directory " + directoryId + " is closed");
            }
        }

        private synchronized void free() {
            if (!freed) {
                freed = true;
                scans.remove(this);
                rows.close();
                options.close();
                db.releaseSnapshot(snapshot);
            }
        }

        @Override
        public void close() {
            free();
        }
    }
}
