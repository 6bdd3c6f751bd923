package io.headrace.storage.file;

import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.SharedUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that several processes write beside its place, each part where it belongs, and that is moved there when it is complete.
 * What is told of a part is its length. They see the same folder: a disk of one machine, or a network mount.
 */
final class SharedFileUpload implements SharedUpload {
    private static final Pattern TOKEN = Pattern.compile("([0-9a-f-]{36})/([1-9]\\d{0,17})");

    private final Path target;
    private final ObjectKey key;
    private final String token;
    private final Path temporary;
    private final long partBytes;

    private SharedFileUpload(Path target, ObjectKey key, String token) {
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no upload of a file is called \"" + token + "\"");
        }
        this.target = target;
        this.key = key;
        this.token = token;
        this.temporary = Objects.requireNonNull(target.getParent())
                .resolve(FileUpload.NAME_PREFIX + Objects.requireNonNull(parts.group(1)));
        this.partBytes = Long.parseLong(Objects.requireNonNull(parts.group(2)));
    }

    static SharedFileUpload begin(FileTree tree, Path target, ObjectKey key, long partBytes) throws IOException {
        SharedFileUpload upload = new SharedFileUpload(target, key, UUID.randomUUID() + "/" + partBytes);
        try {
            FileUpload.prepare(tree, target);
            Files.createFile(upload.temporary);
            return upload;
        } catch (IOException e) {
            throw FileFailures.toOrigin("creating " + target, e);
        }
    }

    static SharedFileUpload resume(Path target, ObjectKey key, String token) {
        return new SharedFileUpload(target, key, token);
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public String writePart(int number, ByteBuffer part) throws IOException {
        int length = part.remaining();
        if (number < 1 || length > partBytes) {
            throw new IllegalArgumentException(
                    "part " + number + " of " + length + " bytes, where parts have " + partBytes);
        }
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            for (long at = (number - 1) * partBytes; part.hasRemaining(); ) {
                at += file.write(part, at);
            }
            file.force(true);
        } catch (IOException e) {
            throw FileFailures.toOrigin("writing part " + number + " of " + target, e);
        }
        return String.valueOf(length);
    }

    @Override
    public ObjectStatus complete(List<String> parts) throws IOException {
        long length = parts.stream().mapToLong(Long::parseLong).sum();
        try {
            if (Files.size(temporary) != length) {
                throw new OriginException.Unavailable("completing " + target + ": its parts do not have " + length
                        + " bytes together. Write it again; if they are written by several machines, check that all see"
                        + " the same folder");
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return FileTree.attributes(target)
                    .orElseThrow(() -> new OriginException.NotFound(target + " was deleted as it was written"))
                    .status(key.bytes());
        } catch (IOException e) {
            throw FileFailures.toOrigin("completing " + target, e);
        }
    }

    @Override
    public void abort() throws IOException {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw FileFailures.toOrigin("removing the unfinished upload " + temporary, e);
        }
    }
}
