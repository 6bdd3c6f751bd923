package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A RocksDB of its own for jobs: what a {@link Batch} holds is on the disk, all of it or nothing, when {@link #write} returns.
 * Reading is thread-safe; one thread at a time writes.
 */
final class JobStore implements AutoCloseable {
    private static final long WRITE_BUFFER_BYTES = 4 << 20;
    private static final long WAL_BYTES = 16 << 20;

    private final Path directory;
    private final Options options;
    private final WriteOptions durable = new WriteOptions().setSync(true);
    private final RocksDB db;

    private JobStore(Path directory, Options options, RocksDB db) {
        this.directory = directory;
        this.options = options;
        this.db = db;
    }

    static JobStore open(Path directory) throws IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(directory);
        Options options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxTotalWalSize(WAL_BYTES)
                .setMaxOpenFiles(64)
                .setMaxBackgroundJobs(2)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(1);
        try {
            return new JobStore(directory, options, RocksDB.open(options, directory.toString()));
        } catch (RocksDBException e) {
            options.close();
            throw new IOException(
                    "the jobs in " + directory + " cannot be opened: " + e.getMessage()
                            + ". Does another master use them? If they are damaged, move the directory away; the"
                            + " master then knows no jobs",
                    e);
        }
    }

    /** Looks at a stored value; says whether to go on. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(Bytes key, byte[] value) throws IOException;
    }

    Optional<byte[]> get(Bytes key) throws IOException {
        try {
            return Optional.ofNullable(db.get(key.toByteArray()));
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /** All that start with the prefix, in the order of their keys, from {@code from} on. */
    void scan(Bytes prefix, Bytes from, Visitor visitor) throws IOException {
        try (RocksIterator rows = db.newIterator()) {
            boolean more = true;
            for (rows.seek(from.toByteArray()); more && rows.isValid(); rows.next()) {
                Bytes key = Bytes.copyOf(rows.key());
                more = key.startsWith(prefix) && visitor.visit(key, rows.value());
            }
            rows.status();
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    Batch batch() {
        return new Batch();
    }

    void write(Batch batch) throws IOException {
        try (WriteBatch rows = new WriteBatch()) {
            for (Bytes prefix : batch.cleared) {
                rows.deleteRange(prefix.toByteArray(), JobKeys.behind(prefix));
            }
            for (Map.Entry<Bytes, Optional<byte[]>> row : batch.rows.entrySet()) {
                if (row.getValue().isPresent()) {
                    rows.put(row.getKey().toByteArray(), row.getValue().get());
                } else {
                    rows.delete(row.getKey().toByteArray());
                }
            }
            db.write(durable, rows);
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    private IOException failed(String what, RocksDBException e) {
        return new IOException(
                "the master cannot " + what + " its jobs in " + directory + ": " + e.getMessage()
                        + ". Is the disk full, or failing?",
                e);
    }

    @Override
    public void close() {
        db.close();
        durable.close();
        options.close();
    }

    /** Changes that become visible together; it sees its own. */
    final class Batch {
        private final Map<Bytes, Optional<byte[]>> rows = new LinkedHashMap<>();
        private final List<Bytes> cleared = new ArrayList<>();

        private Batch() {}

        void put(Bytes key, byte[] value) {
            rows.put(key, Optional.of(value));
        }

        void delete(Bytes key) {
            rows.put(key, Optional.empty());
        }

        /** Removes what was stored with this prefix before; what the batch puts stays. */
        void clear(Bytes prefix) {
            cleared.add(prefix);
        }

        Optional<byte[]> get(Bytes key) throws IOException {
            Optional<byte[]> changed = rows.get(key);
            if (changed != null) {
                return changed;
            }
            return cleared.stream().anyMatch(key::startsWith) ? Optional.empty() : JobStore.this.get(key);
        }
    }
}
