package io.headrace.master.serve;

import io.headrace.master.access.Caller;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.token.Grant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The names that a grant covers, as if there were no others. Directories that are of no origin, but lead to some, are everybody's,
 * and so are the {@link #totals}. Thread-safe.
 */
final class GrantedNames implements Namespace {
    private final Namespace all;
    private final Origins origins;
    private final Grant grant;

    private GrantedNames(NameView view, Grant grant) {
        this.all = view.names();
        this.origins = view.origins();
        this.grant = grant;
    }

    /** What the caller of this thread's call may see. */
    static Namespace ofCaller(NameView view) {
        Optional<Grant> grant = Caller.present().map(Caller::grant);
        return grant.isEmpty() || grant.get().scope() instanceof Grant.Scope.AllMounts
                ? view.names()
                : new GrantedNames(view, grant.get());
    }

    @Override
    public Optional<Entry> lookup(long directoryId, EntryName name) throws IOException {
        return isCovered(directoryId) ? covered(all.lookup(directoryId, name)) : Optional.empty();
    }

    @Override
    public Optional<Entry> entry(long id) throws IOException {
        return covered(all.entry(id));
    }

    @Override
    public Optional<Long> parentOf(long id) throws IOException {
        return isCovered(id) ? all.parentOf(id) : Optional.empty();
    }

    @Override
    public Instant rootModified() {
        return all.rootModified();
    }

    @Override
    public DirectoryCursor openDirectory(long directoryId) throws IOException {
        if (!isCovered(directoryId)) {
            // As of one that is gone.
            throw new NoSuchFileException("directory " + directoryId, null, "it was removed at its origin");
        }
        return new Cursor(all.openDirectory(directoryId));
    }

    @Override
    public Subscription subscribe(Consumer<NamespaceChange> listener) {
        return all.subscribe(change -> {
            if (covers(change)) {
                listener.accept(change);
            }
        });
    }

    @Override
    public NamespaceTotals totals() {
        return all.totals();
    }

    /**
     * Whether a change may be told. One in a directory that is gone by now is not: nobody finds its names any more.
     *
     * @throws UncheckedIOException when the names cannot be read
     */
    boolean covers(NamespaceChange change) {
        try {
            return switch (change) {
                case NamespaceChange.Missed _ -> true;
                case NamespaceChange.Added added -> isCovered(added.directoryId()) && isCovered(added.entry());
                case NamespaceChange.Replaced replaced ->
                    isCovered(replaced.directoryId()) && isCovered(replaced.entry());
                case NamespaceChange.Removed removed -> isCovered(removed.directoryId());
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Entry> covered(Optional<Entry> entry) throws IOException {
        return entry.isPresent() && isCovered(entry.get()) ? entry : Optional.empty();
    }

    private boolean isCovered(Entry entry) throws IOException {
        return switch (entry) {
            case FileEntry file -> grant.covers(file.version().mount());
            case DirectoryEntry directory -> isCovered(directory.id());
        };
    }

    private boolean isCovered(long id) throws IOException {
        try {
            Optional<MountId> origin = origins.of(id);
            return origin.isEmpty() || grant.covers(origin.get());
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** Positions are those of the whole directory. */
    private final class Cursor implements DirectoryCursor {
        private final DirectoryCursor whole;

        Cursor(DirectoryCursor whole) {
            this.whole = whole;
        }

        @Override
        public long position() {
            return whole.position();
        }

        @Override
        public void seek(long position) throws IOException {
            whole.seek(position);
        }

        @Override
        public Optional<Entry> next() throws IOException {
            Optional<Entry> next = whole.next();
            while (next.isPresent() && !isCovered(next.get())) {
                next = whole.next();
            }
            return next;
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
