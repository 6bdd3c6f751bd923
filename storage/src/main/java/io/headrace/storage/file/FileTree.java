package io.headrace.storage.file;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.VersionTag.ModificationTag;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.PercentEncoding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Keys as paths below a root and back. Names are raw bytes on both sides: they pass through {@code file:} URIs, whose
 * escapes the JDK turns into bytes and back without a charset, so a name that the locale cannot express stays exact.
 * Symbolic links are followed as long as they end inside the root.
 */
final class FileTree {
    private static final String INODE = ",ino=";

    private final String rawRoot;

    /** @param rawRoot absolute, percent-encoded, without a slash at its end; empty for the file system's root */
    FileTree(String rawRoot) {
        this.rawRoot = rawRoot;
    }

    Path root() {
        return Path.of(URI.create("file://" + (rawRoot.isEmpty() ? "/" : rawRoot)));
    }

    /** The root with its own symbolic links resolved. */
    Path realRoot() throws IOException {
        Path root = root();
        try {
            Path real = root.toRealPath();
            if (!Files.isDirectory(real)) {
                throw new OriginException.Refused(
                        Refusal.NO_SUCH_LOCATION, root + " is a file. Mount the folder that holds it");
            }
            return real;
        } catch (IOException e) {
            if (FileFailures.isAbsence(e)) {
                throw new OriginException.Refused(
                        Refusal.NO_SUCH_LOCATION,
                        "there is no folder " + root + ". Check the path, and that its network or disk mount is there",
                        e);
            }
            throw FileFailures.toOrigin("looking up " + root, e);
        }
    }

    /** Where the key's file would be; empty for a key that no file can have ({@code "a//b"}, {@code "../a"}). */
    Optional<Path> path(Bytes key) {
        return isRelativePath(key)
                ? Optional.of(Path.of(URI.create("file://" + rawRoot + "/" + PercentEncoding.encode(key))))
                : Optional.empty();
    }

    /** The key's file or folder with all links resolved; empty when there is none, or it lies outside of the root. */
    Optional<Path> resolve(Bytes key) throws IOException {
        Path realRoot = realRoot();
        if (key.isEmpty()) {
            return Optional.of(realRoot);
        }
        Optional<Path> path = path(key);
        return path.isEmpty() ? path : resolve(realRoot, path.orElseThrow());
    }

    Optional<Path> resolve(Path realRoot, Path path) throws IOException {
        try {
            Path real = path.toRealPath();
            return real.startsWith(realRoot) ? Optional.of(real) : Optional.empty();
        } catch (IOException e) {
            if (FileFailures.isAbsence(e)) {
                return Optional.empty();
            }
            throw FileFailures.toOrigin("looking up " + path, e);
        }
    }

    /** The last component of a path, as the file system holds it. */
    static Bytes nameOf(Path path) {
        String text = Objects.requireNonNull(path.getFileName(), "the root has no name")
                .toString();
        if (isAscii(text)) {
            return Bytes.utf8(text);
        }
        String raw = path.toUri().getRawPath();
        String unslashed = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return PercentEncoding.decode(unslashed.substring(unslashed.lastIndexOf('/') + 1));
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** What is at this path itself, links not followed; empty when nothing is. */
    static Optional<Attributes> attributes(Path path) throws IOException {
        try {
            BasicFileAttributes basic =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            OptionalLong inode = inodeOf(String.valueOf(basic.fileKey()));
            return Optional.of(Attributes.of(basic, inode.isPresent() ? inode.getAsLong() : inodeOf(path)));
        } catch (IOException e) {
            if (FileFailures.isAbsence(e)) {
                return Optional.empty();
            }
            throw FileFailures.toOrigin("looking up " + path, e);
        }
    }

    /**
     * The JDK's text for {@code (device, inode)}: {@code (dev=fe01,ino=1234)}. To read it costs a third of what the attribute
     * {@code unix:ino} does, which comes in a map. Empty for a text of another form.
     */
    private static OptionalLong inodeOf(String fileKey) {
        int start = fileKey.indexOf(INODE);
        int end = fileKey.length() - 1;
        if (start < 0 || end <= start + INODE.length() || fileKey.charAt(end) != ')') {
            return OptionalLong.empty();
        }
        long inode = 0;
        for (int i = start + INODE.length(); i < end; i++) {
            char digit = fileKey.charAt(i);
            if (digit < '0' || digit > '9') {
                return OptionalLong.empty();
            }
            inode = 10 * inode + digit - '0';
        }
        return OptionalLong.of(inode);
    }

    private static long inodeOf(Path path) throws IOException {
        return (long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isRelativePath(Bytes key) {
        int start = 0;
        while (start <= key.length()) {
            int slash = key.indexOf((byte) '/', start);
            int end = slash < 0 ? key.length() : slash;
            Bytes name = key.slice(start, end);
            boolean dots = name.equals(Bytes.utf8(".")) || name.equals(Bytes.utf8(".."));
            if (name.isEmpty() || dots || name.indexOf((byte) 0, 0) >= 0) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    enum Kind {
        FILE,
        FOLDER,
        LINK,
        SPECIAL
    }

    record Attributes(Kind kind, long lengthBytes, FileTime modified, long inode) {
        static Attributes of(BasicFileAttributes basic, long inode) {
            return new Attributes(kindOf(basic), basic.size(), basic.lastModifiedTime(), inode);
        }

        private static Kind kindOf(BasicFileAttributes basic) {
            if (basic.isRegularFile()) {
                return Kind.FILE;
            }
            if (basic.isDirectory()) {
                return Kind.FOLDER;
            }
            return basic.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
        }

        ModificationTag tag() {
            return new ModificationTag(modified.to(TimeUnit.NANOSECONDS), inode);
        }

        ObjectStatus status(Bytes key) {
            return new ObjectStatus(new ObjectKey(key), lengthBytes, modified.toInstant(), tag());
        }
    }
}
