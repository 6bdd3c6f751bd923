package io.headrace.storage.hdfs;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.SharedUpload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts as files of their own in a folder beside the target, which the name node joins without a copy. What is told of a part is
 * its length, so that completing, when it was cut off between joining and moving, goes on.
 */
final class HdfsUpload implements SharedUpload {
    private static final Logger log = LoggerFactory.getLogger(HdfsUpload.class);

    /** Folders whose names start so are uploads under way, and are not listed. */
    static final String NAME_PREFIX = ".headrace-upload-";

    /** Where a file is written, and by what. */
    record Target(DistributedFileSystem files, Path path, ObjectKey key, HdfsFailures failures) {
        Path beside(String name) {
            return new Path(Objects.requireNonNull(path.getParent()), NAME_PREFIX + name);
        }
    }

    private final Target target;
    private final DistributedFileSystem files;
    private final String token;
    private final Path folder;

    private HdfsUpload(Target target, String token) {
        this.target = target;
        this.files = target.files();
        this.token = token;
        this.folder = target.beside(token);
    }

    static HdfsUpload begin(Target target) throws IOException {
        HdfsUpload upload = new HdfsUpload(target, UUID.randomUUID().toString());
        try {
            refuseFolder(target);
            target.files().mkdirs(upload.folder);
            return upload;
        } catch (IOException e) {
            throw target.failures().toOrigin("writing " + target.path(), e);
        }
    }

    private static void refuseFolder(Target target) throws IOException {
        try {
            if (target.files().getFileStatus(target.path()).isDirectory()) {
                throw new OriginException.Refused(
                        Refusal.BAD_REQUEST,
                        target.path() + " is a folder here, and cannot be a file, too; rename one of them");
            }
        } catch (FileNotFoundException free) {
            log.debug("{} is new", target.path());
        }
    }

    static HdfsUpload resume(Target target, String token) {
        return new HdfsUpload(target, UUID.fromString(token).toString());
    }

    @Override
    public String token() {
        return token;
    }

    private Path part(int number) {
        return new Path(folder, String.valueOf(number));
    }

    @Override
    public String writePart(int number, ByteBuffer content) throws IOException {
        int length = content.remaining();
        try (WritableByteChannel output = Channels.newChannel(create(number))) {
            while (content.hasRemaining()) {
                output.write(content);
            }
        } catch (IOException e) {
            throw target.failures().toOrigin("writing part " + number + " of " + target.path(), e);
        }
        return String.valueOf(length);
    }

    /** Only in the folder that was begun: one that was aborted does not come back. */
    private FSDataOutputStream create(int number) throws IOException {
        return files.createFile(part(number)).overwrite(true).build();
    }

    @Override
    public ObjectStatus complete(List<String> parts) throws IOException {
        long length = parts.stream().mapToLong(Long::parseLong).sum();
        try {
            if (files.getFileStatus(part(1)).getLen() != length) {
                files.concat(
                        part(1),
                        IntStream.rangeClosed(2, parts.size())
                                .mapToObj(this::part)
                                .toArray(Path[]::new));
            }
            return move(length);
        } catch (IOException e) {
            throw target.failures().toOrigin("completing " + target.path(), e);
        }
    }

    /** The object of no bytes. */
    ObjectStatus completeEmpty() throws IOException {
        try {
            create(1).close();
            return move(0);
        } catch (IOException e) {
            throw target.failures().toOrigin("completing " + target.path(), e);
        }
    }

    private ObjectStatus move(long length) throws IOException {
        if (files.getFileStatus(part(1)).getLen() != length) {
            throw new OriginException.Unavailable("completing " + target.path() + ": its parts do not have " + length
                    + " bytes together; write it again");
        }
        files.rename(part(1), target.path(), Rename.OVERWRITE);
        ObjectStatus status = HdfsStore.status(target.key(), files.getFileStatus(target.path()));
        files.delete(folder, true);
        return status;
    }

    @Override
    public void abort() throws IOException {
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            throw target.failures().toOrigin("removing the unfinished upload " + folder, e);
        }
    }
}
