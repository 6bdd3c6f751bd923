package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings the names inside one directory up to date, by listing them. Runs with the directory's refresh lock held. */
final class ChildrenListing {
    private static final int EDIT_OBJECTS = 4096;
    private static final int SWEEP_ROWS = 4096;

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
            Pages waiting = new Pages(run);
            deadline.require();
            ListingPage page = mount.origin().list(request, Origin.DEMAND_ATTEMPTS);
            directory.largeIs(page.next().isPresent());
            while (page.next().isPresent()) {
                waiting.add(page, onlyFirstPage);
                if (onlyFirstPage) {
                    return false;
                }
                deadline.require();
                page = mount.origin().list(request.next(page.next().get()), Origin.DEMAND_ATTEMPTS);
            }
            waiting.end(page);
            directory.verifiedAt(run.startedMillis());
            return true;
        } finally {
            names.end(run);
        }
    }

    /** Pages on their way into the catalog, some thousands of names at a time. */
    private final class Pages {
        private final ListedNames listed;
        private final ListingRun run;
        private final List<ListingPage> waiting = new ArrayList<>();
        private int objects;
        private boolean begun;
        private boolean emptyBefore;

        private Pages(ListingRun run) {
            this.run = run;
            this.listed = new ListedNames(mount, run, !directory.wasAskedBefore());
        }

        private void add(ListingPage page, boolean now) throws IOException {
            waiting.add(page);
            objects += page.objects().size();
            if (now || objects >= EDIT_OBJECTS) {
                names.edit(edit -> {
                    put(edit);
                    return true;
                });
                waiting.clear();
                objects = 0;
            }
        }

        private void put(Edit edit) throws IOException {
            edit.share(directory, run);
            emptyBefore = begun ? emptyBefore : edit.isEmpty(directory);
            begun = true;
            for (ListingPage page : waiting) {
                listed.children(edit, directory, page);
            }
        }

        /** The last pages and the end of what was not met, seen at once when the directory is small. */
        private void end(ListingPage last) throws IOException {
            waiting.add(last);
            Optional<byte[]> next = names.edit(edit -> {
                put(edit);
                listed.settle(edit);
                return emptyBefore ? Optional.empty() : sweep(edit, run, RowPlace.encode(directory.id(), Bytes.EMPTY));
            });
            while (next.isPresent()) {
                byte[] from = next.get();
                next = names.edit(edit -> sweep(edit, run, from));
            }
        }
    }

    /** @return where to go on; empty at the directory's end */
    private Optional<byte[]> sweep(Edit edit, ListingRun run, byte[] from) throws IOException {
        CatalogTables.Found gone = names.findInside(from, SWEEP_ROWS, row -> run.isGone(row.id()) && !row.pinned());
        for (PlacedRow placed : gone.rows()) {
            Optional<Row> row = edit.row(directory, placed.place().name());
            if (row.isPresent() && run.isGone(row.get().id()) && !Names.isPinned(row.get())) {
                edit.remove(directory, placed.place().name(), row.get());
            }
        }
        return gone.next();
    }
}
