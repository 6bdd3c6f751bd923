package io.headrace.protocol;

import java.io.IOException;
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
