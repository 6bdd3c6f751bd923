package io.headrace.master.catalog;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.rocksdb.EnvOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/** Writes rows of new files as files of the tables' own kind: both tables' at once, that of {@code ids} on a thread of its own. */
final class ImportFiles implements AutoCloseable {
    record Paths(Path ids, Path names) {}

    private final Options idsOptions;
    private final Options namesOptions;
    private final EnvOptions environment = new EnvOptions();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("catalog-import").daemon().factory());

    /** Takes over the options, and closes them. */
    ImportFiles(Options idsOptions, Options namesOptions) {
        this.idsOptions = idsOptions;
        this.namesOptions = namesOptions;
        thread.allowCoreThreadTimeOut(true);
    }

    void write(NewFiles files, Paths paths) throws RocksDBException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment rows = files.copyInto(arena);
            CompletableFuture<Optional<RocksDBException>> ids =
                    CompletableFuture.supplyAsync(() -> failureOf(() -> writeIds(files, rows, paths.ids())), thread);
            Optional<RocksDBException> failure;
            try {
                failure = failureOf(() -> writeNames(files, rows, paths.names()));
            } finally {
                ids.join();
            }
            failure = failure.or(ids::join);
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private void writeIds(NewFiles files, MemorySegment rows, Path path) throws RocksDBException {
        ByteBuffer id = ByteBuffer.allocateDirect(Long.BYTES);
        ByteBuffer row = rows.asByteBuffer();
        try (SstFileWriter writer = new SstFileWriter(environment, idsOptions)) {
            writer.open(path.toString());
            for (int number : files.byId()) {
                files.placeAndRowIn(row, number);
                writer.put(id.putLong(0, files.id(number)).clear(), row);
            }
            writer.finish();
        }
    }

    private void writeNames(NewFiles files, MemorySegment rows, Path path) throws RocksDBException {
        ByteBuffer place = rows.asByteBuffer();
        ByteBuffer row = rows.asByteBuffer();
        try (SstFileWriter writer = new SstFileWriter(environment, namesOptions)) {
            writer.open(path.toString());
            for (int number : files.byPlace()) {
                files.placeIn(place, number);
                files.rowIn(row, number);
                writer.put(place, row);
            }
            writer.finish();
        }
    }

    private interface Writing {
        void run() throws RocksDBException;
    }

    private static Optional<RocksDBException> failureOf(Writing writing) {
        try {
            writing.run();
            return Optional.empty();
        } catch (RocksDBException e) {
            return Optional.of(e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        environment.close();
        idsOptions.close();
        namesOptions.close();
    }
}
