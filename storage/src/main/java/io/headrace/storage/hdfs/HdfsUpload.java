package io.headrace.storage.hdfs;

import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parts as files of their own in a folder beside the target, which the name node joins without a copy. */
final class HdfsUpload implements ObjectUpload {
    /** Folders whose names start so are uploads under way, and are not listed. */
    static final String NAME_PREFIX = ".headrace-upload-";

    private static final Logger log = LoggerFactory.getLogger(HdfsUpload.class);

    record Target(Path path, ObjectKey key) {}

    private final DistributedFileSystem files;
    private final Target target;
    private final HdfsFailures failures;
    private final Path folder;
    /** Guarded by itself. */
    private final TreeSet<Integer> parts = new TreeSet<>();

    HdfsUpload(DistributedFileSystem files, Target target, HdfsFailures failures) throws IOException {
        this.files = files;
        this.target = target;
        this.failures = failures;
        this.folder = new Path(Objects.requireNonNull(target.path().getParent()), NAME_PREFIX + UUID.randomUUID());
        files.mkdirs(folder);
    }

    private Path part(int number) {
        return new Path(folder, String.valueOf(number));
    }

    @Override
    public void writePart(int number, ByteBuffer content) throws IOException {
        try (WritableByteChannel output = Channels.newChannel(files.create(part(number), true))) {
            while (content.hasRemaining()) {
                output.write(content);
            }
        } catch (IOException e) {
            throw failures.toOrigin("writing part " + number + " of " + target.path(), e);
        }
        synchronized (parts) {
            parts.add(number);
        }
    }

    @Override
    public long minimumPartBytes() {
        return 1;
    }

    @Override
    public ObjectStatus complete() throws IOException {
        synchronized (parts) {
            if (!parts.isEmpty() && (parts.first() != 1 || parts.last() != parts.size())) {
                throw new IllegalStateException("parts are missing: there are only " + parts);
            }
            try {
                if (parts.isEmpty()) {
                    files.create(part(1), true).close();
                } else if (parts.size() > 1) {
                    files.concat(
                            part(1), parts.tailSet(2).stream().map(this::part).toArray(Path[]::new));
                }
                files.rename(part(1), target.path(), Rename.OVERWRITE);
                FileStatus status = files.getFileStatus(target.path());
                return HdfsStore.status(target.key(), status);
            } catch (IOException e) {
                throw failures.toOrigin("completing " + target.path(), e);
            }
        }
    }

    @Override
    public void close() {
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            log.warn("could not remove the unfinished upload {}; delete it by hand", folder, e);
        }
    }
}
