package io.headrace.protocol;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The tree of names that clients see: one or more origins, each below a directory or at the root. Thread-safe. All
 * answers come from the last good snapshot of the origins, at most the stated staleness bound behind them; origin
 * trouble is an exception or an old answer, never an absent name.
 */
public interface Namespace {
    /** The id of the root directory. */
    long ROOT_ID = 1;

    /**
     * The entry of this name, as new as the mount's staleness bound promises (with revalidation on open: as new as now).
     *
     * @throws OriginException when the origin had to be asked and did not answer
     */
    Optional<Entry> lookup(long directoryId, EntryName name) throws IOException;

    /**
     * What a path stands for.
     *
     * @param path names from the root, with slashes between; empty ones are passed over
     * @return empty for the root itself, which has no entry
     * @throws NoSuchFileException when the path names nothing; the reason says how far it leads
     */
    default Optional<Entry> find(Bytes path) throws IOException {
        Optional<Entry> found = Optional.empty();
        for (int from = 0; from <= path.length(); ) {
            int slash = path.indexOf((byte) '/', from);
            int end = slash < 0 ? path.length() : slash;
            Bytes name = path.slice(from, end);
            if (!name.isEmpty()) {
                found = Optional.of(inside(found, name)
                        .orElseThrow(() ->
                                new NoSuchFileException(path.toString(), null, "there is no " + path.slice(0, end))));
                if (found.get() instanceof Entry.FileEntry && hasMore(path, end)) {
                    throw new NoSuchFileException(path.toString(), null, path.slice(0, end) + " is a file");
                }
            }
            from = end + 1;
        }
        return found;
    }

    private Optional<Entry> inside(Optional<Entry> directory, Bytes name) throws IOException {
        return EntryName.isValid(name)
                ? lookup(directory.map(Entry::id).orElse(ROOT_ID), new EntryName(name))
                : Optional.empty();
    }

    private static boolean hasMore(Bytes path, int from) {
        for (int i = from; i < path.length(); i++) {
            if (path.at(i) != '/') {
                return true;
            }
        }
        return false;
    }

    /** The entry of this id; empty when it was deleted, or is a file whose version was replaced. Never for the root. */
    Optional<Entry> entry(long id) throws IOException;

    /** The directory that holds {@code id}; the root for the root. Empty when {@code id} is gone. */
    Optional<Long> parentOf(long id) throws IOException;

    /** When the newest change inside the root became visible, for the root's own attributes. */
    Instant rootModified();

    /**
     * Opens a directory's entries, in name order, as one consistent snapshot.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such directory any more
     */
    DirectoryCursor openDirectory(long directoryId) throws IOException;

    /**
     * Calls {@code listener} after each change became visible, on one thread, in order; it must not block. A name that comes
     * into a directory about which nobody was answered yet need not be told: nothing older can be believed of it. Close the
     * subscription to end the calls.
     */
    Subscription subscribe(Consumer<NamespaceChange> listener);

    /** Total files and bytes, for {@code statfs} and {@code status}; they grow while a first listing is running. */
    NamespaceTotals totals();

    /** Ends the calls of a {@link Namespace#subscribe listener}. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    record NamespaceTotals(long files, long directories, long bytes) {}
}
