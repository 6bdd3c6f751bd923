package io.headrace.client.names;

import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A directory of a namespace with a root of its own: what a client mounts of a cluster. Ids are those of the whole, but
 * for the directory itself, which is {@link Namespace#ROOT_ID}. Totals are those of the whole.
 */
public final class SubtreeNamespace implements Namespace, AutoCloseable {
    private final Namespace whole;
    private final long directoryId;
    private final Clock clock;
    private final Subscription own;
    private volatile Instant modified;

    private SubtreeNamespace(Namespace whole, DirectoryEntry directory, Clock clock) {
        this.whole = whole;
        this.directoryId = directory.id();
        this.clock = clock;
        this.modified = directory.modified();
        this.own = whole.subscribe(this::changed);
    }

    /**
     * @param path names from the root down; must not be empty
     * @throws NoSuchFileException when there is no such directory
     */
    public static SubtreeNamespace of(Namespace whole, List<EntryName> path, Clock clock) throws IOException {
        long at = ROOT_ID;
        Optional<DirectoryEntry> found = Optional.empty();
        for (EntryName name : path) {
            found = whole.lookup(at, name)
                    .filter(DirectoryEntry.class::isInstance)
                    .map(DirectoryEntry.class::cast);
            at = found.orElseThrow(() -> new NoSuchFileException(shown(path), null, "no such directory"))
                    .id();
        }
        return new SubtreeNamespace(
                whole, found.orElseThrow(() -> new IllegalArgumentException("an empty path is the whole")), clock);
    }

    private static String shown(List<EntryName> path) {
        return String.join("/", path.stream().map(EntryName::toString).toList());
    }

    @Override
    public Optional<Entry> lookup(long directoryId, EntryName name) throws IOException {
        return whole.lookup(toWhole(directoryId), name);
    }

    @Override
    public Optional<Entry> entry(long id) throws IOException {
        return whole.entry(id);
    }

    @Override
    public Optional<Long> parentOf(long id) throws IOException {
        return id == ROOT_ID ? Optional.of(ROOT_ID) : whole.parentOf(id).map(this::fromWhole);
    }

    @Override
    public Instant rootModified() {
        return modified;
    }

    @Override
    public DirectoryCursor openDirectory(long directoryId) throws IOException {
        return whole.openDirectory(toWhole(directoryId));
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        return whole.subscribe(change -> listener.accept(fromWhole(change)));
    }

    @Override
    public NamespaceTotals totals() {
        return whole.totals();
    }

    /** Ends that it follows the whole, which stays open. */
    @Override
    public void close() {
        own.close();
    }

    private void changed(NamespaceChange change) {
        if (change instanceof NamespaceChange.OfName ofName && ofName.directoryId() == directoryId) {
            modified = clock.instant();
        }
    }

    private long toWhole(long id) {
        return id == ROOT_ID ? directoryId : id;
    }

    private long fromWhole(long id) {
        return id == directoryId ? ROOT_ID : id;
    }

    private NamespaceChange fromWhole(NamespaceChange change) {
        if (!(change instanceof NamespaceChange.OfName ofName) || ofName.directoryId() != directoryId) {
            return change;
        }
        return switch (ofName) {
            case NamespaceChange.Added added -> new NamespaceChange.Added(ROOT_ID, added.name(), added.entry());
            case NamespaceChange.Replaced replaced ->
                new NamespaceChange.Replaced(ROOT_ID, replaced.name(), replaced.previousId(), replaced.entry());
            case NamespaceChange.Removed removed ->
                new NamespaceChange.Removed(ROOT_ID, removed.name(), removed.previousId());
        };
    }
}
