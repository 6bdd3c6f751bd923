package io.headrace.storage.file;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage.LeftOut;
import io.headrace.storage.file.FileTree.Attributes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The children of one folder, as it was when it was read, in byte order of their keys. */
record FolderContent(List<Child> children) {
    private static final Bytes SLASH = Bytes.utf8("/");

    sealed interface Child {
        /** From the tree's root; ends with {@code '/'} for a folder, so that this order is the order of full keys. */
        Bytes key();
    }

    record FileChild(Bytes key, Attributes attributes) implements Child {}

    record FolderChild(Bytes key, Path path) implements Child {}

    record OddChild(Bytes key, String reason) implements Child {
        LeftOut leftOut() {
            return new LeftOut(new ObjectKey(key), reason);
        }
    }

    /**
     * @param folder the folder, links resolved
     * @param key its key, empty or ending with {@code '/'}
     * @param above the folders passed on the way here, links resolved, to see links that lead round in a circle
     */
    static FolderContent read(Path realRoot, Path folder, Bytes key, Set<Path> above) throws IOException {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                Bytes name = FileTree.nameOf(path);
                if (!name.startsWith(FileUpload.NAME_PREFIX)) {
                    child(realRoot, path, key.concat(name), above).ifPresent(children::add);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw FileFailures.toOrigin("listing " + folder, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw FileFailures.toOrigin("listing " + folder, e);
        }
        children.sort((a, b) -> a.key().compareTo(b.key()));
        return new FolderContent(children);
    }

    private static Optional<Child> child(Path realRoot, Path path, Bytes key, Set<Path> above) throws IOException {
        Optional<Attributes> found = FileTree.attributes(path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Attributes attributes = found.orElseThrow();
        return Optional.of(
                switch (attributes.kind()) {
                    case FILE -> new FileChild(key, attributes);
                    case FOLDER -> new FolderChild(key.concat(SLASH), path);
                    case SPECIAL -> new OddChild(key, "a named pipe, a socket or a device");
                    case LINK -> link(realRoot, path, key, above);
                });
    }

    private static Child link(Path realRoot, Path path, Bytes key, Set<Path> above) throws IOException {
        Path target;
        try {
            target = path.toRealPath();
        } catch (IOException e) {
            if (FileFailures.isAbsence(e)) {
                return new OddChild(key, "a symbolic link to nothing");
            }
            return new OddChild(key, "a symbolic link that cannot be followed");
        }
        if (!target.startsWith(realRoot)) {
            return new OddChild(key, "a symbolic link out of the mounted folder");
        }
        Attributes attributes = FileTree.attributes(target).orElse(null);
        if (attributes == null) {
            return new OddChild(key, "a symbolic link to nothing");
        }
        return switch (attributes.kind()) {
            case FILE -> new FileChild(key, attributes);
            case FOLDER ->
                above.contains(target)
                        ? new OddChild(key, "a symbolic link to a folder that it is in")
                        : new FolderChild(key.concat(SLASH), target);
            case LINK, SPECIAL -> new OddChild(key, "a symbolic link to a named pipe, a socket or a device");
        };
    }
}
