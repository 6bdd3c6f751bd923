package io.headrace.master.catalog;

import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Joins the small files that imports leave in the lowest level of a table, where RocksDB itself joins nothing: of more files than
 * are kept open each lookup opens one. One at a time.
 */
final class FileJoin implements AutoCloseable {
    private static final int LOWEST_LEVEL = 6;

    private final RocksDB db;
    private final int mostFiles;
    private final CompactRangeOptions options = new CompactRangeOptions()
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForce)
            .setExclusiveManualCompaction(false);
    private volatile boolean cancelled;

    /** @param mostFiles of a table; more are joined */
    FileJoin(RocksDB db, int mostFiles) {
        this.db = db;
        this.mostFiles = mostFiles;
    }

    /** Does nothing where there are few, or where they are large. */
    void join(List<ColumnFamilyHandle> tables) throws RocksDBException {
        for (ColumnFamilyHandle table : tables) {
            if (!cancelled && isDue(table)) {
                join(table);
            }
        }
    }

    private boolean isDue(ColumnFamilyHandle table) throws RocksDBException {
        long files = files(table);
        return files > mostFiles
                && db.getLongProperty(table, "rocksdb.total-sst-files-size") / files < CatalogDatabase.FILE_BYTES / 4;
    }

    long files(ColumnFamilyHandle table) throws RocksDBException {
        return Long.parseLong(db.getProperty(table, "rocksdb.num-files-at-level" + LOWEST_LEVEL));
    }

    private void join(ColumnFamilyHandle table) throws RocksDBException {
        try {
            db.compactRange(table, null, null, options);
        } catch (RocksDBException e) {
            if (!cancelled) {
                throw e;
            }
        }
    }

    /** Ends a join that is under way, soon; none begins from now on. */
    void cancel() {
        cancelled = true;
        options.setCanceled(true);
    }

    /** When nothing is under way. */
    @Override
    public void close() {
        options.close();
    }
}
