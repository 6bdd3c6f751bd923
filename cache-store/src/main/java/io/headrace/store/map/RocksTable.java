package io.headrace.store.map;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A table in RocksDB, sized for a daemon that should stay small: 2 write buffers of 4 MiB, 8 MiB of block cache, two
 * background threads. The write-ahead log is not synced: it survives the process, and after a crash of the machine a
 * lost entry costs one fetch, a surviving one is verified before its bytes are served.
 */
public final class RocksTable implements OrderedTable {
    private static final long WRITE_BUFFER_BYTES = 4 << 20;
    private static final long BLOCK_CACHE_BYTES = 8 << 20;
    private static final long WAL_BYTES = 16 << 20;

    private final Path directory;
    private final RocksDB db;
    private final WriteOptions unsynced = new WriteOptions().setSync(false);
    private final List<RocksObject> owned;

    private RocksTable(Path directory, RocksDB db, List<RocksObject> owned) {
        this.directory = directory;
        this.db = db;
        this.owned = owned;
    }

    public static RocksTable open(Path directory) throws IOException {
        RocksDB.loadLibrary();
        LRUCache cache = new LRUCache(BLOCK_CACHE_BYTES);
        BloomFilter bloom = new BloomFilter(10);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(2)
                .setMaxTotalWalSize(WAL_BYTES)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(64)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(1)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
        try {
            RocksDB db = RocksDB.open(options, directory.toString());
            return new RocksTable(directory, db, List.of(options, bloom, cache));
        } catch (RocksDBException e) {
            closeAll(List.of(options, bloom, cache));
            throw new IOException(
                    "the block map in " + directory + " does not open: " + e.getMessage()
                            + "; delete the cache directory if this stays, all in it can be fetched again",
                    e);
        }
    }

    @Override
    public Optional<byte[]> get(byte[] key) throws IOException {
        try {
            return Optional.ofNullable(db.get(key));
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    @Override
    public void put(byte[] key, byte[] value) throws IOException {
        try {
            db.put(unsynced, key, value);
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    @Override
    public void delete(byte[] key) throws IOException {
        try {
            db.delete(unsynced, key);
        } catch (RocksDBException e) {
            throw failed("delete", e);
        }
    }

    @Override
    public void apply(List<Change> changes) throws IOException {
        try (WriteBatch batch = new WriteBatch()) {
            for (Change change : changes) {
                if (change.value().isPresent()) {
                    batch.put(change.key(), change.value().get());
                } else {
                    batch.delete(change.key());
                }
            }
            db.write(unsynced, batch);
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    @Override
    public void deletePrefix(byte[] prefix) throws IOException {
        try {
            db.deleteRange(unsynced, prefix, after(prefix));
        } catch (RocksDBException e) {
            throw failed("delete", e);
        }
    }

    @Override
    public void scan(byte[] prefix, Visitor visitor) throws IOException {
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator entries = db.newIterator(options)) {
            for (entries.seek(prefix); entries.isValid(); entries.next()) {
                byte[] key = entries.key();
                if (!HeapTable.startsWith(key, prefix)) {
                    return;
                }
                visitor.visit(key, entries.value());
            }
            entries.status();
        } catch (RocksDBException e) {
            throw failed("scan", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            db.syncWal();
        } catch (RocksDBException e) {
            throw failed("sync", e);
        } finally {
            db.close();
            unsynced.close();
            closeAll(owned);
        }
    }

    /** The least key that is greater than all keys with the prefix; no prefix is all 0xff. */
    private static byte[] after(byte[] prefix) {
        int end = prefix.length;
        while (prefix[end - 1] == (byte) 0xff) {
            end--;
        }
        byte[] next = Arrays.copyOf(prefix, end);
        next[end - 1]++;
        return next;
    }

    private IOException failed(String what, RocksDBException e) {
        return new IOException("the block map in " + directory + " failed to " + what + ": " + e.getMessage(), e);
    }

    private static void closeAll(List<RocksObject> objects) {
        objects.forEach(RocksObject::close);
    }
}
