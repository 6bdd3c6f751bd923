package io.headrace.master.serve;

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
import io.headrace.protocol.VersionTag.ModificationTag;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Names in memory, whose questions are counted and can fail. Thread-safe. */
final class FakeNames implements Namespace {
    private static final MountId MOUNT = new MountId("0123456789abcdef");

    final AtomicInteger questions = new AtomicInteger();
    final AtomicInteger openCursors = new AtomicInteger();
    private final Map<Long, TreeMap<EntryName, Entry>> directories = new HashMap<>();
    private final List<Consumer<NamespaceChange>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable IOException trouble;
    private long lastId = ROOT_ID;

    FakeNames() {
        directories.put(ROOT_ID, new TreeMap<>());
    }

    /** From now on all questions fail; {@code null} ends that. */
    void fail(@Nullable IOException how) {
        trouble = how;
    }

    synchronized Entry directory(long parent, String name) {
        DirectoryEntry made = new DirectoryEntry(++lastId, EntryName.of(name), Instant.EPOCH);
        directories.put(made.id(), new TreeMap<>());
        put(parent, made);
        return made;
    }

    Entry file(long parent, String name) {
        return file(parent, EntryName.of(name), new ObjectKey(EntryName.of(name).bytes()));
    }

    synchronized Entry file(long parent, EntryName name, ObjectKey key) {
        long id = ++lastId;
        Entry made =
                new FileEntry(id, name, new FileVersion(MOUNT, key, id, new ModificationTag(id, id)), Instant.EPOCH);
        put(parent, made);
        return made;
    }

    private void put(long parent, Entry made) {
        Entry before = directory(parent).put(made.name(), made);
        tell(
                before == null
                        ? new NamespaceChange.Added(parent, made.name(), made)
                        : new NamespaceChange.Replaced(parent, made.name(), before.id(), made));
    }

    synchronized void remove(long parent, String name) {
        Entry gone = directory(parent).remove(EntryName.of(name));
        if (gone != null) {
            directories.remove(gone.id());
            tell(new NamespaceChange.Removed(parent, gone.name(), gone.id()));
        }
    }

    private Map<EntryName, Entry> directory(long id) {
        Map<EntryName, Entry> found = directories.get(id);
        if (found == null) {
            throw new IllegalArgumentException("the test knows no directory " + id);
        }
        return found;
    }

    /** All that it has is of one origin, but the root. */
    Optional<MountId> origin(long id) {
        return id == ROOT_ID ? Optional.empty() : Optional.of(MOUNT);
    }

    private void tell(NamespaceChange change) {
        listeners.forEach(listener -> listener.accept(change));
    }

    private void ask() throws IOException {
        questions.incrementAndGet();
        IOException now = trouble;
        if (now != null) {
            throw now;
        }
    }

    @Override
    public synchronized Optional<Entry> lookup(long directoryId, EntryName name) throws IOException {
        ask();
        return Optional.ofNullable(directories.get(directoryId)).map(inside -> inside.get(name));
    }

    @Override
    public synchronized Optional<Entry> entry(long id) throws IOException {
        ask();
        return directories.values().stream()
                .flatMap(inside -> inside.values().stream())
                .filter(entry -> entry.id() == id)
                .findFirst();
    }

    @Override
    public synchronized Optional<Long> parentOf(long id) throws IOException {
        ask();
        return directories.entrySet().stream()
                .filter(directory -> directory.getValue().values().stream().anyMatch(entry -> entry.id() == id))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public Instant rootModified() {
        return Instant.ofEpochSecond(1_700_000_000);
    }

    @Override
    public synchronized DirectoryCursor openDirectory(long directoryId) throws IOException {
        ask();
        Map<EntryName, Entry> inside = directories.get(directoryId);
        if (inside == null) {
            throw new NoSuchFileException("directory " + directoryId, null, "it was removed at its origin");
        }
        openCursors.incrementAndGet();
        return DirectoryCursor.over(List.copyOf(inside.values()), openCursors::decrementAndGet);
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized NamespaceTotals totals() {
        return new NamespaceTotals(lastId, directories.size(), 0);
    }
}
