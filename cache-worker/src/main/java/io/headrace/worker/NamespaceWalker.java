package io.headrace.worker;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Selects files and whole directories of a namespace by path, in name order. A walk keeps one open directory for each
 * level it is in, however large they are. Directories that vanish meanwhile are passed over.
 */
public final class NamespaceWalker implements FileSelection {
    private final Namespace namespace;
    private final List<String> paths;

    /** @param paths from the root, with slashes between names; {@code ""} and {@code "/"} are everything */
    public NamespaceWalker(Namespace namespace, List<String> paths) {
        this.namespace = namespace;
        this.paths = List.copyOf(paths);
    }

    /** @throws NoSuchFileException when a path names nothing */
    @Override
    public FileCursor open() throws IOException {
        List<Found> roots = new ArrayList<>();
        for (String path : paths) {
            roots.add(find(path));
        }
        return new Walk(namespace, roots.iterator());
    }

    private Found find(String path) throws IOException {
        Optional<Entry> entry = namespace.find(Bytes.utf8(path));
        String names = path.replaceAll("/+", "/").replaceAll("^/|/$", "");
        return new Found(names, entry.map(Entry::id).orElse(Namespace.ROOT_ID), entry);
    }

    /** @param entry empty for the root */
    private record Found(String path, long id, Optional<Entry> entry) {}

    private record Level(String path, DirectoryCursor cursor) {
        String child(EntryName name) {
            return path.isEmpty() ? name.toString() : path + "/" + name;
        }
    }

    private static final class Walk implements FileCursor {
        private final Namespace namespace;
        private final Iterator<Found> roots;
        private final Deque<Level> levels = new ArrayDeque<>();

        Walk(Namespace namespace, Iterator<Found> roots) {
            this.namespace = namespace;
            this.roots = roots;
        }

        @Override
        public Optional<SelectedFile> next() throws IOException {
            while (true) {
                Level level = levels.peek();
                Optional<SelectedFile> file = level == null ? nextRoot() : nextOf(level);
                if (file.isPresent() || (levels.isEmpty() && !roots.hasNext())) {
                    return file;
                }
            }
        }

        @Override
        public void close() {
            levels.forEach(level -> level.cursor().close());
            levels.clear();
        }

        private Optional<SelectedFile> nextRoot() throws IOException {
            if (!roots.hasNext()) {
                return Optional.empty();
            }
            Found root = roots.next();
            if (root.entry().isPresent() && root.entry().get() instanceof FileEntry file) {
                return Optional.of(new SelectedFile(root.path(), file));
            }
            descend(root.path(), root.id());
            return Optional.empty();
        }

        private Optional<SelectedFile> nextOf(Level level) throws IOException {
            Optional<Entry> next = level.cursor().next();
            if (next.isEmpty()) {
                levels.pop().cursor().close();
                return Optional.empty();
            }
            return switch (next.get()) {
                case FileEntry file -> Optional.of(new SelectedFile(level.child(file.name()), file));
                case DirectoryEntry directory -> {
                    descend(level.child(directory.name()), directory.id());
                    yield Optional.empty();
                }
            };
        }

        private void descend(String path, long id) throws IOException {
            try {
                levels.push(new Level(path, namespace.openDirectory(id)));
            } catch (NoSuchFileException gone) {
                // Deleted since its parent was opened: a walk made now would not meet it.
            }
        }
    }
}
