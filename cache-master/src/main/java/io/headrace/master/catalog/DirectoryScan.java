package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/** A place in a snapshot of one directory. Thread-safe, so that the tables can be closed under its holder. */
final class DirectoryScan implements AutoCloseable {
    private final CatalogDatabase database;
    private final TableFailures failures;
    private final Consumer<DirectoryScan> freed;
    private final long directoryId;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final RocksIterator rows;
    private boolean ended;

    /** @param freed told when it ends, whoever ends it */
    DirectoryScan(CatalogDatabase database, TableFailures failures, long directoryId, Consumer<DirectoryScan> freed) {
        this.database = database;
        this.failures = failures;
        this.freed = freed;
        this.directoryId = directoryId;
        this.snapshot = database.db().getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot).setFillCache(false);
        this.rows = database.db().newIterator(database.names(), options);
        rows.seek(RowPlace.encode(directoryId, Bytes.EMPTY));
    }

    /** Moves to the row of this place, or the next behind it. */
    synchronized void seek(byte[] place) throws IOException {
        requireUsable();
        rows.seek(place);
    }

    synchronized void rewind() throws IOException {
        seek(RowPlace.encode(directoryId, Bytes.EMPTY));
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
            throw failures.of(e);
        }
    }

    private void requireUsable() throws IOException {
        if (ended) {
            throw new IOException("the listing of directory " + directoryId + " is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            freed.accept(this);
            rows.close();
            options.close();
            database.db().releaseSnapshot(snapshot);
        }
    }
}
