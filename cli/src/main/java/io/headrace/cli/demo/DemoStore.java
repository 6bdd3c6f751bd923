package io.headrace.cli.demo;

import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.oss.OssServerOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.LongConsumer;

/** A bucket that holds a model, in an object store of a stated rate on this machine; closing leaves nothing. */
final class DemoStore implements AutoCloseable {
    static final URI LOCATION = URI.create("oss://demo/");

    private static final String BUCKET = "demo";
    private static final int PIECE_BYTES = 4 << 20;

    private final TemporaryFolder folder;
    private final StoreProcess process;
    private final Map<UnderStoreOption, String> options;

    private DemoStore(TemporaryFolder folder, StoreProcess process, Map<UnderStoreOption, String> options) {
        this.folder = folder;
        this.process = process;
        this.options = options;
    }

    /** @param progress is told how many bytes more of the model were written into the bucket */
    static DemoStore start(Model model, long bytesPerSecond, LongConsumer progress) throws IOException {
        TemporaryFolder folder = TemporaryFolder.withRoomFor(model.lengthBytes());
        boolean started = false;
        try {
            Path buckets = Files.createDirectory(folder.path().resolve("buckets"));
            Path bucket = Files.createDirectory(buckets.resolve(BUCKET));
            for (ModelFile file : model.files()) {
                write(file, bucket.resolve(file.name()), progress);
            }
            Path credentials = folder.path().resolve("credentials");
            writeCredentials(credentials, OssServerOptions.OWNER);
            StoreProcess process = StoreProcess.start(buckets, bytesPerSecond);
            started = true;
            return new DemoStore(
                    folder,
                    process,
                    Map.of(
                            UnderStoreOption.ENDPOINT,
                            process.endpoint().toString(),
                            UnderStoreOption.REGION,
                            OssServerOptions.of(buckets).region(),
                            UnderStoreOption.CREDENTIALS_FILE,
                            credentials.toString()));
        } finally {
            if (!started) {
                folder.close();
            }
        }
    }

    /** How the store is reached. */
    Map<UnderStoreOption, String> options() {
        return options;
    }

    /** Opens the bucket as any client does; the caller closes it. */
    UnderStore open() throws IOException {
        return UnderStores.open(LOCATION, new UnderStoreOptions(options));
    }

    /** Bytes of objects sent so far. */
    long sentBytes() throws IOException {
        return process.sentBytes();
    }

    @Override
    public void close() throws IOException {
        try {
            process.close();
        } finally {
            folder.close();
        }
    }

    private static void write(ModelFile file, Path path, LongConsumer progress) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < file.lengthBytes(); at += piece.limit()) {
                file.fill(at, piece.clear().limit((int) Math.min(PIECE_BYTES, file.lengthBytes() - at)));
                piece.flip();
                while (piece.hasRemaining()) {
                    progress.accept(channel.write(piece));
                }
            }
        }
    }

    private static void writeCredentials(Path path, OssIdentity identity) throws IOException {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                path,
                "[default]%naccess_key_id = %s%naccess_key_secret = %s%n"
                        .formatted(identity.accessKeyId(), identity.accessKeySecret()));
    }
}
