package io.headrace.storage.file;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingPage.LeftOut;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.PercentEncoding;
import io.headrace.storage.file.FolderContent.Child;
import io.headrace.storage.file.FolderContent.FileChild;
import io.headrace.storage.file.FolderContent.FolderChild;
import io.headrace.storage.file.FolderContent.OddChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A listing on its way through the tree, depth first, in byte order of the full keys. Holds the children of the folders
 * between the root and its place, and no descriptor. Not thread-safe.
 */
final class FolderWalk {
    private record Level(Path path, Bytes key, Iterator<Child> children) {}

    private final FileTree tree;
    private final Path realRoot;
    private final Bytes prefix;
    private final boolean recursive;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final Set<Path> above = new HashSet<>();
    private Bytes after;

    /** @param after only keys behind this one */
    FolderWalk(FileTree tree, ListingRequest request, Bytes after) throws IOException {
        this.tree = tree;
        this.realRoot = tree.realRoot();
        this.prefix = request.prefix().bytes();
        this.recursive = request.recursive();
        this.after = after;
        enterFirst();
    }

    private void enterFirst() throws IOException {
        Bytes folder = prefix.slice(0, prefix.lastIndexOf((byte) '/') + 1);
        for (int slash = folder.indexOf((byte) '/', 0); slash >= 0; slash = folder.indexOf((byte) '/', slash + 1)) {
            tree.resolve(folder.slice(0, slash)).ifPresent(above::add);
        }
        Bytes unslashed = folder.isEmpty() ? folder : folder.slice(0, folder.length() - 1);
        Optional<Path> path = tree.resolve(unslashed);
        if (path.isPresent()
                && FileTree.attributes(path.get())
                        .filter(a -> a.kind() == FileTree.Kind.FOLDER)
                        .isPresent()) {
            enter(path.get(), folder);
        }
    }

    private boolean enter(Path path, Bytes key) throws IOException {
        above.add(path);
        List<Child> children = FolderContent.read(realRoot, path, key, above).children();
        levels.push(new Level(path, key, children.iterator()));
        return !children.isEmpty();
    }

    /** @param limit most objects, directories and odd ones together */
    ListingPage next(int limit) throws IOException {
        List<ObjectStatus> objects = new ArrayList<>();
        List<ObjectKey> directories = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        while (!levels.isEmpty() && objects.size() + directories.size() + leftOut.size() < limit) {
            Level level = levels.element();
            if (!level.children.hasNext()) {
                levels.pop();
                above.remove(level.path);
                continue;
            }
            Child child = level.children.next();
            if (!child.key().startsWith(prefix)) {
                continue;
            }
            boolean unseen = child.key().compareTo(after) > 0;
            switch (child) {
                case FolderChild folder -> {
                    boolean empty = recursive && (unseen || after.startsWith(folder.key())) && !enter(folder);
                    if (unseen && (empty || !recursive)) {
                        directories.add(new ObjectKey(folder.key()));
                        after = folder.key();
                    }
                }
                case FileChild file
                when unseen -> {
                    objects.add(file.attributes().status(file.key()));
                    after = file.key();
                }
                case OddChild odd
                when unseen -> {
                    leftOut.add(odd.leftOut());
                    after = odd.key();
                }
                case FileChild _, OddChild _ -> {}
            }
        }
        Optional<String> next = levels.isEmpty() ? Optional.empty() : Optional.of(PercentEncoding.encode(after));
        return new ListingPage(objects, directories, leftOut, next);
    }

    private boolean enter(FolderChild folder) throws IOException {
        return enter(folder.path(), folder.key());
    }
}
