package io.headrace.master.backup;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogCopy;
import io.headrace.protocol.v1.BackupPart;
import io.headrace.protocol.v1.BackupsGrpc;
import io.headrace.protocol.v1.TakeBackupRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out backups. Each part is whole by itself: the list of data sets and the membership are files that are replaced as a whole, the
 * names are RocksDB's checkpoint. The data sets are read first: one that comes or goes between is mounted, or not, when the backup
 * is restored, whatever the names say.
 */
public final class BackupService extends BackupsGrpc.BackupsImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(BackupService.class);
    private static final int PART_BYTES = 256 << 10;
    private static final long PATIENCE_SECONDS = 30;

    private final Path directory;
    private final Catalog catalog;
    private final Semaphore room = new Semaphore(1);

    /** @param directory the master's own */
    public BackupService(Path directory, Catalog catalog) {
        this.directory = directory;
        this.catalog = catalog;
    }

    /** On a thread of its own: while a call's own thread waits, gRPC does not say that the call can take more. */
    @Override
    public void take(TakeBackupRequest request, StreamObserver<BackupPart> reply) {
        ServerCallStreamObserver<BackupPart> call = (ServerCallStreamObserver<BackupPart>) reply;
        if (!room.tryAcquire()) {
            call.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("a backup of this master is being taken; try again when it is done")
                    .asRuntimeException());
            return;
        }
        Parts parts = new Parts(call);
        call.setOnReadyHandler(parts::wake);
        call.setOnCancelHandler(parts::wake);
        Thread _ = Thread.ofVirtual().name("master-backup").start(() -> send(request, parts, call));
    }

    /** A thread's root. */
    private void send(TakeBackupRequest request, Parts parts, ServerCallStreamObserver<BackupPart> call) {
        try (OutputStream buffered = new BufferedOutputStream(parts, PART_BYTES)) {
            write(new BackupWriter(buffered), request.getWithoutNames());
            buffered.flush();
            call.onCompleted();
        } catch (IOException e) {
            LOG.warn("a backup was not taken: {}", e.getMessage());
            fail(call, Status.UNAVAILABLE.withDescription(e.getMessage()));
        } catch (Throwable mistake) {
            LOG.error("a backup failed by a mistake in the master", mistake);
            fail(call, Status.INTERNAL.withDescription(mistake.toString()));
        } finally {
            room.release();
        }
    }

    private static void fail(ServerCallStreamObserver<BackupPart> call, Status status) {
        if (!call.isCancelled()) {
            call.onError(status.asRuntimeException());
        }
    }

    void write(BackupWriter backup, boolean withoutNames) throws IOException {
        for (String name : List.of("data-sets", "pins", "members/membership")) {
            if (Files.exists(directory.resolve(name))) {
                backup.add(name, Files.readAllBytes(directory.resolve(name)));
            }
        }
        if (!withoutNames) {
            try (CatalogCopy copy = catalog.copy()) {
                addAll(backup, copy.directory());
            }
        }
        backup.finish();
    }

    private static void addAll(BackupWriter backup, Path tree) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(tree)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            backup.add("catalog/" + tree.relativize(file), file);
        }
    }

    /** Sends what is written, as fast as the caller takes it. One thread writes; {@link #wake} is anybody's. */
    private static final class Parts extends OutputStream {
        private final ServerCallStreamObserver<BackupPart> call;
        private final Semaphore woken = new Semaphore(0);

        Parts(ServerCallStreamObserver<BackupPart> call) {
            this.call = call;
        }

        void wake() {
            woken.release();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = 0; at < length; at += PART_BYTES) {
                awaitReady();
                call.onNext(BackupPart.newBuilder()
                        .setContent(ByteString.copyFrom(bytes, from + at, Math.min(PART_BYTES, length - at)))
                        .build());
            }
        }

        private void awaitReady() throws IOException {
            try {
                while (!call.isReady()) {
                    if (call.isCancelled()) {
                        throw new IOException("whoever wanted it went away");
                    }
                    if (!woken.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                        throw new IOException("whoever wanted it took nothing for " + PATIENCE_SECONDS + " s");
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the master is ending");
            }
        }
    }
}
