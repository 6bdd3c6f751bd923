package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.HyperClockCache;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;

/** RocksDB with the catalog's tables, and the options that it is opened with. Nothing of it may be used after {@link #close}. */
final class CatalogDatabase implements AutoCloseable {
    private static final long WRITE_BUFFER_BYTES = 4 << 20;
    private static final long WAL_BYTES = 16 << 20;
    /** Of both tables. */
    static final int OPEN_FILES = 256;

    static final long FILE_BYTES = 32 << 20;
    /** For the size of an entry: RocksDB's cache fits itself to what it is given. */
    private static final long SIZE_FOUND_OUT = 0;

    private static final int CACHE_SHARD_BITS = 2;

    private final RocksDB db;
    private final ColumnFamilyHandle facts;
    private final ColumnFamilyHandle names;
    private final ColumnFamilyHandle ids;
    private final List<RocksObject> owned;
    private final ImportFiles importFiles;

    private CatalogDatabase(RocksDB db, List<ColumnFamilyHandle> families, List<RocksObject> owned, BloomFilter bloom) {
        this.db = db;
        this.facts = families.get(0);
        this.names = families.get(1);
        this.ids = families.get(2);
        this.owned = owned;
        this.importFiles = new ImportFiles(
                importOptions(tableFormat()), importOptions(tableFormat().setFilterPolicy(bloom)));
    }

    static CatalogDatabase open(CatalogHome home, long blockCacheBytes) throws IOException {
        RocksDB.loadLibrary();
        HyperClockCache cache = new HyperClockCache(blockCacheBytes, SIZE_FOUND_OUT, CACHE_SHARD_BITS, false);
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
                .setMaxOpenFiles(OPEN_FILES)
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
            return new CatalogDatabase(db, families, owned, bloom);
        } catch (RocksDBException e) {
            owned.reversed().forEach(RocksObject::close);
            throw new TableFailures(home).ofOpening(e);
        }
    }

    private static Options importOptions(BlockBasedTableConfig format) {
        return new Options().setTableFormatConfig(format).setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    private static BlockBasedTableConfig tableFormat() {
        return new BlockBasedTableConfig().setFormatVersion(5).setBlockSize(4 << 10);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    RocksDB db() {
        return db;
    }

    ColumnFamilyHandle facts() {
        return facts;
    }

    ColumnFamilyHandle names() {
        return names;
    }

    ColumnFamilyHandle ids() {
        return ids;
    }

    ImportFiles importFiles() {
        return importFiles;
    }

    @Override
    public void close() {
        List.of(facts, names, ids).forEach(RocksObject::close);
        db.close();
        importFiles.close();
        owned.reversed().forEach(RocksObject::close);
    }
}
