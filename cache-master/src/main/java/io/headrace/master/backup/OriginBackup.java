package io.headrace.master.backup;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.PercentEncoding;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/** A backup as one object of an origin. One thread. */
public final class OriginBackup implements BackupSource, Closeable {
    private final UnderStore store;
    private final ObjectKey key;
    private Optional<FileVersion> version = Optional.empty();

    private OriginBackup(UnderStore store, ObjectKey key) {
        this.store = store;
        this.key = key;
    }

    /**
     * Without asking the origin.
     *
     * @param uri of the object, such as {@code s3://BUCKET/FOLDER/NAME}
     * @throws IllegalArgumentException when it can be no object's
     */
    public static OriginBackup at(URI uri, UnderStoreOptions options) throws OriginException {
        String path = Objects.requireNonNullElse(uri.getRawPath(), "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        String text = uri.toString();
        if (name.isEmpty() || !text.endsWith("/" + name)) {
            throw new IllegalArgumentException(
                    "the backup's URI names no object. Write its whole name, as in s3://BUCKET/FOLDER/NAME, and nothing behind it");
        }
        UnderStore store = UnderStores.open(URI.create(text.substring(0, text.length() - name.length())), options);
        return new OriginBackup(store, new ObjectKey(PercentEncoding.decode(name)));
    }

    /**
     * Writes the stream's backup there, and checks it meanwhile. It appears, or replaces an older one, when all of it is right; else
     * nothing is left.
     *
     * @return its length
     * @throws DamagedBackupException when the stream is cut or changed, or no backup
     */
    public long store(InputStream backup) throws IOException {
        try (ObjectUpload upload = store.create(key)) {
            PartedUpload parts = new PartedUpload(upload, new SecureRandom());
            new BackupReader(toString()).read(new Copied(backup, parts), _ -> OutputStream.nullOutputStream());
            long length = parts.finish();
            ObjectStatus stored = upload.complete();
            if (stored.lengthBytes() != length) {
                throw new IOException("the backup " + this + " has " + stored.lengthBytes() + " bytes there, and "
                        + length + " were written: somebody else wrote it, too. Take it again");
            }
            return length;
        }
    }

    /** As {@link BackupFile#restore}; the object must not be replaced meanwhile. */
    public void restore(Path directory, Clock clock) throws IOException {
        new Restoration(this).into(directory, clock);
    }

    @Override
    public InputStream open() throws IOException {
        if (version.isEmpty()) {
            version = store.head(key).map(status -> status.version(store.mountId()));
        }
        FileVersion found = version.orElseThrow(() -> new OriginException.NotFound("there is no backup " + this));
        return found.lengthBytes() == 0
                ? InputStream.nullInputStream()
                : Channels.newInputStream(store.open(found, found.wholeFile()));
    }

    /** Whatever is read of it goes to the copy, too. */
    private static final class Copied extends FilterInputStream {
        private final OutputStream copy;

        Copied(InputStream original, OutputStream copy) {
            super(original);
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                copy.write(value);
            }
            return value;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = super.read(target, from, length);
            if (count > 0) {
                copy.write(target, from, count);
            }
            return count;
        }
    }

    @Override
    public void close() {
        store.close();
    }

    /** Without credentials. */
    @Override
    public String toString() {
        String folder = store.location().toString();
        return folder + (folder.endsWith("/") ? "" : "/") + PercentEncoding.encode(key.bytes());
    }
}
