package io.headrace.master.jobs;

import io.headrace.protocol.Blocks;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The files below some paths of a catalog, in the order of their names. The cursor is the number of the path in four bytes, and
 * the last file: a feed that begins behind it skips, in each directory on the way, the names before. So it may have been made
 * by a master that is no more, from a catalog that has changed since.
 */
final class CatalogFeed implements FileFeed {
    private static final int PAGE_FILES = 512;
    private static final int PAGE_BLOCKS = 16384;
    private static final Bytes SLASH = Bytes.utf8("/");

    private final Namespace names;
    private final List<String> roots;
    private final Deque<Open> open = new ArrayDeque<>();
    private int root;
    private Bytes behind = Bytes.EMPTY;

    /** @param path with a slash at its end, unless it is the root's */
    private record Open(DirectoryCursor cursor, Bytes path) {}

    CatalogFeed(Namespace names, List<String> roots, Bytes cursor) {
        this.names = names;
        this.roots = List.copyOf(roots);
        if (!cursor.isEmpty()) {
            root = cursor.asByteBuffer().getInt();
            behind = cursor.slice(Integer.BYTES, cursor.length());
        }
    }

    @Override
    public Page next() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        Bytes last = behind;
        long blocks = 0;
        while (root < roots.size() && files.size() < PAGE_FILES && blocks < PAGE_BLOCKS) {
            Optional<SourceFile> file = open.isEmpty() ? enterRoot() : step();
            if (file.isPresent()) {
                files.add(file.get());
                last = file.get().path();
                blocks += Blocks.count(file.get().version().lengthBytes());
            }
            if (open.isEmpty()) {
                root++;
                behind = Bytes.EMPTY;
                last = Bytes.EMPTY;
            }
        }
        Bytes cursor = Bytes.copyOf(
                        ByteBuffer.allocate(Integer.BYTES).putInt(root).array())
                .concat(last);
        return new Page(files, List.of(), cursor, root >= roots.size());
    }

    private Optional<SourceFile> enterRoot() throws IOException {
        String path = roots.get(root);
        if (path.isEmpty()) {
            open.push(new Open(names.openDirectory(Namespace.ROOT_ID), Bytes.EMPTY));
            return Optional.empty();
        }
        Entry entry = names.find(Bytes.utf8(path)).orElseThrow();
        return enter(entry, Bytes.utf8(path));
    }

    private Optional<SourceFile> step() throws IOException {
        Open here = open.element();
        Optional<Entry> next = here.cursor.next();
        if (next.isEmpty()) {
            open.pop().cursor.close();
            return Optional.empty();
        }
        return isDone(here.path, next.get())
                ? Optional.empty()
                : enter(next.get(), here.path.concat(next.get().name().bytes()));
    }

    private Optional<SourceFile> enter(Entry entry, Bytes path) throws IOException {
        return switch (entry) {
            case Entry.FileEntry file -> Optional.of(new SourceFile(path, file.version()));
            case Entry.DirectoryEntry directory -> {
                try {
                    open.push(new Open(names.openDirectory(directory.id()), path.concat(SLASH)));
                } catch (NoSuchFileException removed) {
                    if (open.isEmpty()) {
                        throw removed;
                    }
                }
                yield Optional.empty();
            }
        };
    }

    /** Whether the file, or all in the directory, comes no later than where this feed begins. */
    private boolean isDone(Bytes directory, Entry entry) {
        if (behind.isEmpty() || !behind.startsWith(directory)) {
            return false;
        }
        int end = behind.indexOf((byte) '/', directory.length());
        Bytes reached = behind.slice(directory.length(), end < 0 ? behind.length() : end);
        int order = entry.name().bytes().compareTo(reached);
        return order < 0 || (order == 0 && end < 0);
    }

    @Override
    public void close() {
        open.forEach(each -> each.cursor.close());
        open.clear();
    }
}
