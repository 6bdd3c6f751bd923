package io.headrace.storage.file;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file written beside its place and moved there when it is complete. Parts are written one behind the other as they
 * come; when they came out of order, completing writes them once more in order.
 */
final class FileUpload implements ObjectUpload {
    /** Files whose names start so are uploads under way, and are not listed. */
    static final Bytes NAME_PREFIX = Bytes.utf8(".headrace-upload-");

    private static final Logger log = LoggerFactory.getLogger(FileUpload.class);

    private record Placed(long offset, long length) {}

    private final Path target;
    private final ObjectKey key;
    private final Path temporary;
    private final FileChannel written;
    /** Guarded by itself, as {@link #end} is. */
    private final TreeMap<Integer, Placed> parts = new TreeMap<>();

    private long end;

    private FileUpload(Path target, ObjectKey key, Path temporary, FileChannel written) {
        this.target = target;
        this.key = key;
        this.temporary = temporary;
        this.written = written;
    }

    static FileUpload start(FileTree tree, Path target, ObjectKey key) throws IOException {
        Path folder = Objects.requireNonNull(target.getParent());
        try {
            prepare(tree, target);
            Path temporary = newTemporary(folder);
            return new FileUpload(target, key, temporary, create(temporary));
        } catch (IOException e) {
            throw FileFailures.toOrigin("creating " + target, e);
        }
    }

    /** Makes the folders above the target, unless one of them is a file, or the target a folder. */
    static void prepare(FileTree tree, Path target) throws IOException {
        createInside(tree.realRoot(), Objects.requireNonNull(target.getParent()));
        if (Files.isDirectory(target)) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, target + " is a folder here, and cannot be a file, too; rename one of them");
        }
    }

    /** Makes the folder and those above it, none of them through a link that leaves the root. */
    private static void createInside(Path realRoot, Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            if (!folder.toRealPath().startsWith(realRoot)) {
                throw new OriginException.Refused(
                        Refusal.FORBIDDEN, folder + " is a symbolic link out of the mounted folder; write elsewhere");
            }
            return;
        }
        createInside(realRoot, Objects.requireNonNull(folder.getParent()));
        if (Files.isRegularFile(folder)) {
            throw new OriginException.Refused(
                    Refusal.BAD_REQUEST, folder + " is a file here, and cannot be a folder, too; rename one of them");
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    private static Path newTemporary(Path folder) {
        return folder.resolve(NAME_PREFIX.toString() + UUID.randomUUID());
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
    }

    @Override
    public void writePart(int number, ByteBuffer part) throws IOException {
        Placed placed;
        synchronized (parts) {
            placed = new Placed(end, part.remaining());
            end += placed.length;
            parts.put(number, placed);
        }
        try {
            for (long at = placed.offset; part.hasRemaining(); ) {
                at += written.write(part, at);
            }
        } catch (IOException e) {
            throw FileFailures.toOrigin("writing part " + number + " of " + target, e);
        }
    }

    @Override
    public long minimumPartBytes() {
        return 1;
    }

    @Override
    public ObjectStatus complete() throws IOException {
        synchronized (parts) {
            if (!parts.isEmpty() && (parts.firstKey() != 1 || parts.lastKey() != parts.size())) {
                throw new IllegalStateException("parts are missing: there are only " + parts.keySet());
            }
            try {
                Path whole = inOrder() ? temporary : writeInOrder();
                written.force(true);
                Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return FileTree.attributes(target)
                        .orElseThrow(() -> new OriginException.NotFound(target + " was deleted as it was written"))
                        .status(key.bytes());
            } catch (IOException e) {
                throw FileFailures.toOrigin("completing " + target, e);
            }
        }
    }

    private boolean inOrder() {
        long at = 0;
        for (Placed placed : parts.values()) {
            if (placed.offset != at) {
                return false;
            }
            at += placed.length;
        }
        return true;
    }

    private Path writeInOrder() throws IOException {
        Path ordered = newTemporary(Objects.requireNonNull(target.getParent()));
        try (FileChannel output = create(ordered)) {
            for (Map.Entry<Integer, Placed> part : parts.entrySet()) {
                copy(part.getValue(), output);
            }
            output.force(true);
            return ordered;
        } catch (IOException e) {
            Files.deleteIfExists(ordered);
            throw e;
        }
    }

    private void copy(Placed part, FileChannel output) throws IOException {
        for (long copied = 0; copied < part.length; ) {
            copied += written.transferTo(part.offset + copied, part.length - copied, output);
        }
    }

    @Override
    public void close() {
        try {
            written.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            log.warn("could not remove the unfinished upload {}; delete it by hand", temporary, e);
        }
    }
}
