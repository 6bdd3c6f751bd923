package io.headrace.worker;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A tree in memory. Fill it before it is read. */
final class FakeNamespace implements Namespace {
    private final Map<Long, Map<EntryName, Entry>> directories = new HashMap<>();
    private long lastId = ROOT_ID;
    int openCursors;
    int mostOpenCursors;

    FakeNamespace() {
        directories.put(ROOT_ID, new TreeMap<>());
    }

    FakeNamespace file(String path, long lengthBytes) {
        long directory = ROOT_ID;
        String[] names = path.split("/");
        for (int i = 0; i < names.length - 1; i++) {
            directory = children(directory)
                    .computeIfAbsent(EntryName.of(names[i]), this::newDirectory)
                    .id();
        }
        EntryName name = EntryName.of(names[names.length - 1]);
        FileVersion version = new FileVersion(
                MountId.of(URI.create("s3://models")), ObjectKey.of(path), lengthBytes, new EntityTag("\"1\""));
        children(directory).put(name, new FileEntry(++lastId, name, version, Instant.EPOCH));
        return this;
    }

    /** As if deleted between the listing of its parent and its own. */
    void forgetDirectory(String name) {
        Entry entry = children(ROOT_ID).get(EntryName.of(name));
        if (entry != null) {
            directories.remove(entry.id());
        }
    }

    private Entry newDirectory(EntryName name) {
        directories.put(++lastId, new TreeMap<>());
        return new DirectoryEntry(lastId, name, Instant.EPOCH);
    }

    private Map<EntryName, Entry> children(long id) {
        return directories.computeIfAbsent(id, absent -> new TreeMap<>());
    }

    @Override
    public Optional<Entry> lookup(long directoryId, EntryName name) {
        return Optional.ofNullable(children(directoryId).get(name));
    }

    @Override
    public synchronized DirectoryCursor openDirectory(long directoryId) throws NoSuchFileException {
        Map<EntryName, Entry> children = directories.get(directoryId);
        if (children == null) {
            throw new NoSuchFileException("directory " + directoryId);
        }
        mostOpenCursors = Math.max(mostOpenCursors, ++openCursors);
        return DirectoryCursor.over(List.copyOf(children.values()), this::cursorClosed);
    }

    private synchronized void cursorClosed() {
        openCursors--;
    }

    @Override
    public Optional<Entry> entry(long id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Long> parentOf(long id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant rootModified() {
        return Instant.EPOCH;
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        return () -> {};
    }

    @Override
    public NamespaceTotals totals() {
        throw new UnsupportedOperationException();
    }
}
