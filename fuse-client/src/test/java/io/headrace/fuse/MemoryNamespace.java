package io.headrace.fuse;

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
import io.headrace.protocol.VersionTag;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A namespace that tests build by hand; ids follow from the order of building, so two alike builds are equal. */
public final class MemoryNamespace implements Namespace {
    private static final MountId MOUNT = MountId.of(URI.create("file:///test"));
    private static final Instant MODIFIED = Instant.ofEpochSecond(1_700_000_000, 123_000_000);

    private final Map<Long, TreeMap<EntryName, Entry>> children = new HashMap<>();
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<Long, Long> parents = new HashMap<>();
    private final List<Consumer<NamespaceChange>> listeners = new CopyOnWriteArrayList<>();
    private final Map<EntryName, CountDownLatch> heldBack = new ConcurrentHashMap<>();
    private final Set<EntryName> asked = ConcurrentHashMap.newKeySet();
    private long lastId = ROOT_ID;

    public MemoryNamespace() {
        children.put(ROOT_ID, new TreeMap<>());
    }

    public synchronized DirectoryEntry directory(long parent, String name) {
        DirectoryEntry entry = new DirectoryEntry(++lastId, EntryName.of(name), MODIFIED);
        children.put(entry.id(), new TreeMap<>());
        put(parent, entry);
        return entry;
    }

    /** Adds a file, or replaces the one of this name by a new version. */
    public synchronized FileEntry file(long parent, String name, long lengthBytes) {
        long id = ++lastId;
        FileVersion version = new FileVersion(
                MOUNT, ObjectKey.of(parent + "/" + name), lengthBytes, new VersionTag.EntityTag("\"" + id + "\""));
        FileEntry entry = new FileEntry(id, EntryName.of(name), version, MODIFIED);
        put(parent, entry);
        return entry;
    }

    public synchronized void remove(long parent, String name) {
        Entry removed = childrenOf(parent).remove(EntryName.of(name));
        if (removed != null) {
            entries.remove(removed.id());
            tell(new NamespaceChange.Removed(parent, removed.name(), removed.id()));
        }
    }

    private void put(long parent, Entry entry) {
        Entry previous = childrenOf(parent).put(entry.name(), entry);
        entries.put(entry.id(), entry);
        parents.put(entry.id(), parent);
        if (previous == null) {
            tell(new NamespaceChange.Added(parent, entry.name(), entry));
        } else {
            entries.remove(previous.id());
            tell(new NamespaceChange.Replaced(parent, entry.name(), previous.id(), entry));
        }
    }

    private void tell(NamespaceChange change) {
        listeners.forEach(listener -> listener.accept(change));
    }

    private Map<EntryName, Entry> childrenOf(long directory) {
        return Optional.ofNullable(children.get(directory)).orElseThrow();
    }

    /** Lookups of this name wait until the latch is counted down, as for an origin. */
    public CountDownLatch holdBack(String name) {
        CountDownLatch answer = new CountDownLatch(1);
        heldBack.put(EntryName.of(name), answer);
        return answer;
    }

    public boolean isAsked(String name) {
        return asked.contains(EntryName.of(name));
    }

    @Override
    public Optional<Entry> lookup(long directoryId, EntryName name) throws IOException {
        asked.add(name);
        CountDownLatch answer = heldBack.get(name);
        try {
            if (answer != null && !answer.await(45, TimeUnit.SECONDS)) {
                throw new IOException("nobody let the answer go");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException(name.toString());
        }
        return find(directoryId, name);
    }

    private synchronized Optional<Entry> find(long directoryId, EntryName name) throws IOException {
        TreeMap<EntryName, Entry> inside = children.get(directoryId);
        if (inside == null) {
            throw new NoSuchFileException("directory " + directoryId);
        }
        return Optional.ofNullable(inside.get(name));
    }

    @Override
    public synchronized Optional<Entry> entry(long id) {
        return Optional.ofNullable(entries.get(id));
    }

    @Override
    public synchronized Optional<Long> parentOf(long id) {
        return id == ROOT_ID ? Optional.of(ROOT_ID) : Optional.ofNullable(parents.get(id));
    }

    @Override
    public Instant rootModified() {
        return MODIFIED;
    }

    @Override
    public synchronized DirectoryCursor openDirectory(long directoryId) throws IOException {
        TreeMap<EntryName, Entry> inside = children.get(directoryId);
        if (inside == null) {
            throw new NoSuchFileException("directory " + directoryId);
        }
        return new ListCursor(List.copyOf(inside.values()));
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized NamespaceTotals totals() {
        long bytes = entries.values().stream()
                .mapToLong(entry ->
                        entry instanceof FileEntry file ? file.version().lengthBytes() : 0)
                .sum();
        return new NamespaceTotals(entries.size(), children.size(), bytes);
    }

    private static final class ListCursor implements DirectoryCursor {
        private final List<Entry> entries;
        private int position;
        private int furthest;

        ListCursor(List<Entry> entries) {
            this.entries = entries;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void seek(long wanted) {
            if (wanted > furthest) {
                throw new IllegalArgumentException("position " + wanted + " was never returned");
            }
            position = (int) wanted;
        }

        @Override
        public Optional<Entry> next() {
            if (position >= entries.size()) {
                return Optional.empty();
            }
            Entry next = entries.get(position++);
            furthest = Math.max(furthest, position);
            return Optional.of(next);
        }

        @Override
        public void close() {}
    }
}
