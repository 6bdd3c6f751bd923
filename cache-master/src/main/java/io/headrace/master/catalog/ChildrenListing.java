package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Brings the names inside one directory up to date, by listing them. Runs with the directory's refresh lock held. */
final class ChildrenListing {
    private static final int SWEEP_ROWS = 1000;

    private final CatalogMount mount;
    private final Names names;
    private final Directory directory;
    private final AnswerDeadline deadline;
    private final ListingRequest request;

    ChildrenListing(CatalogMount mount, Names names, Directory directory, AnswerDeadline deadline) {
        this.mount = mount;
        this.names = names;
        this.directory = directory;
        this.deadline = deadline;
        this.request = ListingRequest.children(new ObjectKey(directory.prefix()));
    }

    /**
     * Lists the first page, and when it is all, brings the directory up to date.
     *
     * @return whether it was all; else what was listed is in, and the directory is marked as large
     */
    boolean runWhenOnePage() throws IOException {
        return run(true);
    }

    /** Lists all; fails when the deadline comes before its last page was asked for. */
    void run() throws IOException {
        boolean all = run(false);
        assert all;
    }

    private boolean run(boolean onlyFirstPage) throws IOException {
        ListingRun run = names.begin();
        try {
            ListedNames listed = new ListedNames(mount, run);
            deadline.require();
            ListingPage page = mount.origin().list(request, Origin.DEMAND_ATTEMPTS);
            directory.largeIs(page.next().isPresent());
            while (page.next().isPresent()) {
                put(listed, run, page);
                if (onlyFirstPage) {
                    return false;
                }
                deadline.require();
                page = mount.origin().list(request.next(page.next().get()), Origin.DEMAND_ATTEMPTS);
            }
            end(listed, run, page);
            directory.verifiedAt(run.startedMillis());
            return true;
        } finally {
            names.end(run);
        }
    }

    private void put(ListedNames listed, ListingRun run, ListingPage page) throws IOException {
        names.edit(edit -> {
            edit.share(directory, run);
            listed.children(edit, directory, page);
            return true;
        });
    }

    /** The last page and the end of what was not met, seen at once when the directory is small. */
    private void end(ListedNames listed, ListingRun run, ListingPage page) throws IOException {
        byte[] from = RowPlace.encode(directory.id(), Bytes.EMPTY);
        Optional<byte[]> next = names.edit(edit -> {
            edit.share(directory, run);
            listed.children(edit, directory, page);
            listed.settle(edit);
            return sweep(edit, run, names.rows(from, SWEEP_ROWS));
        });
        while (next.isPresent()) {
            byte[] start = next.get();
            next = names.edit(edit -> sweep(edit, run, names.rows(start, SWEEP_ROWS)));
        }
    }

    /** @return where to go on; empty at the directory's end */
    private Optional<byte[]> sweep(Names.Edit edit, ListingRun run, List<PlacedRow> rows) throws IOException {
        for (PlacedRow placed : rows) {
            if (placed.place().directoryId() != directory.id()) {
                return Optional.empty();
            }
            Optional<Row> row = edit.row(directory, placed.place().name());
            if (row.isPresent() && run.isGone(row.get().id()) && !Names.isPinned(row.get())) {
                edit.remove(directory, placed.place().name(), row.get());
            }
        }
        return rows.size() < SWEEP_ROWS
                ? Optional.empty()
                : Optional.of(Names.behind(rows.getLast().place().encode()));
    }
}
