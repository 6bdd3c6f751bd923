package io.headrace.master.catalog;

import io.headrace.master.catalog.KeyPath.DirectoryPath;
import io.headrace.master.catalog.KeyPath.FilePath;
import io.headrace.master.catalog.KeyPath.NoPath;
import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists all of a mount's keys into the catalog and then removes what was not met. Pages become visible some thousands of
 * keys at a time; nothing is removed unless the listing came to its end. What readers' own questions found out after a page
 * was asked for is newer than the page, and stays.
 */
final class FullListing {
    private static final int EDIT_OBJECTS = 32_768;
    private static final long EDIT_MILLIS = 1000;
    private static final int SWEEP_ROWS = 2000;
    private static final int PREFIXES_REMEMBERED = 4096;

    private record AskedPage(ListingPage page, long askedMillis) {}

    private final CatalogMount mount;
    private final Directories directories;
    private final Names names;
    private final ListingRun run;
    private final ListedNames listed;
    private final boolean first;
    /** Whether the catalog had no names of the mount when the run began, so that none can be gone. */
    private final boolean nothingBefore;
    /** By prefix; empty where the origin's directory is hidden. Least recently used first. */
    private final Map<Bytes, Optional<Directory>> resolved;

    private Bytes lastPrefix = Bytes.EMPTY;
    private Optional<Directory> last = Optional.empty();
    private boolean lastIsFresh;
    private boolean begun;

    FullListing(CatalogMount mount, Directories directories, Names names, ListingRun run) {
        this.mount = mount;
        this.directories = directories;
        this.names = names;
        this.run = run;
        this.listed = new ListedNames(mount, run, false);
        this.first = mount.listedMillis() == Long.MIN_VALUE;
        this.nothingBefore = first && mount.hasNoNames();
        this.resolved = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Bytes, Optional<Directory>> eldest) {
                boolean full = size() > PREFIXES_REMEMBERED;
                if (full) {
                    eldest.getValue().ifPresent(directory -> run.notFresh(directory.id()));
                }
                return full;
            }
        };
    }

    /**
     * Lists all pages.
     *
     * @param dead whose rows to discard on the way: numbers of mounts
     */
    void run(Set<Integer> dead) throws IOException, InterruptedException {
        ListingRequest request = ListingRequest.all();
        List<AskedPage> waiting = new ArrayList<>();
        Optional<String> next;
        int objects = 0;
        do {
            requireUninterrupted();
            long asked = mount.nowMillis();
            ListingPage page = mount.origin().list(request, Origin.LISTING_ATTEMPTS);
            waiting.add(new AskedPage(page, asked));
            objects += page.objects().size();
            next = page.next();
            boolean due = asked - waiting.getFirst().askedMillis() >= EDIT_MILLIS;
            if (objects >= EDIT_OBJECTS || due || next.isEmpty()) {
                names.awaitListeners();
                put(waiting);
                tellProgress(waiting);
                waiting.clear();
                objects = 0;
            }
            request = next.isPresent() ? request.next(next.get()) : request;
        } while (next.isPresent());
        names.edit(edit -> {
            listed.settle(edit);
            return true;
        });
        if (!nothingBefore || !dead.isEmpty()) {
            sweep(dead);
        }
    }

    private void put(List<AskedPage> pages) throws IOException {
        names.edit(edit -> {
            if (run.directoriesWent()) {
                resolved.clear();
            }
            resolved.values().removeIf(Optional::isEmpty);
            lastPrefix = Bytes.EMPTY;
            last = Optional.of(mount.directory());
            lastIsFresh = isFresh(edit, mount.directory());
            for (AskedPage asked : pages) {
                for (ObjectStatus object : asked.page().objects()) {
                    put(edit, object, asked.askedMillis());
                }
                for (ObjectKey key : asked.page().directories()) {
                    putDirectory(edit, key, asked.askedMillis());
                }
                listed.leftOut(asked.page());
            }
            return true;
        });
    }

    /** The mount's own directory is fresh too when this is the first that is put into it. */
    private boolean isFresh(Edit edit, Directory own) throws IOException {
        if (!begun) {
            begun = true;
            if (nothingBefore && mount.origin().listsInKeyOrder() && own.wasNeverAsked() && edit.isEmpty(own)) {
                run.fresh(own.id());
            }
        }
        return run.isFresh(own.id());
    }

    /** What is behind a first listing is as the origin has it: there is nothing to remove. */
    private void tellProgress(List<AskedPage> pages) {
        if (nothingBefore && mount.origin().listsInKeyOrder()) {
            pages.reversed().stream()
                    .map(asked -> asked.page().objects())
                    .filter(objects -> !objects.isEmpty())
                    .findFirst()
                    .ifPresent(
                            objects -> mount.listedUpTo(run, objects.getLast().key()));
        }
    }

    private void put(Edit edit, ObjectStatus object, long asked) throws IOException {
        Bytes key = object.key().bytes();
        int good = key.startsWith(lastPrefix) ? lastPrefix.length() : 0;
        if (lastIsFresh && good == lastPrefix.length() && EntryName.isValid(key, good)) {
            edit.putNew(last.orElseThrow(), object, good);
            return;
        }
        KeyPath path = KeyPath.of(key, good);
        Optional<Directory> directory = resolve(edit, path.directory(), asked);
        switch (path) {
            case FilePath file -> {
                if (directory.isEmpty()) {
                    mount.unreachable(object.key(), "another origin is mounted above it");
                } else if (lastIsFresh) {
                    edit.putNew(directory.get(), object, path.directory().length());
                } else {
                    putFile(edit, directory.get(), file.name(), object, asked);
                }
            }
            case DirectoryPath _ -> listed.marker(object);
            case NoPath none -> mount.unreachable(object.key(), none.reason());
        }
    }

    private void putFile(Edit edit, Directory directory, EntryName name, ObjectStatus object, long asked)
            throws IOException {
        if (!mount.knowsSince(asked, directory, name)) {
            listed.file(edit, directory, name, object);
        } else {
            edit.row(directory, name).ifPresent(edit::met);
        }
    }

    private void putDirectory(Edit edit, ObjectKey key, long asked) throws IOException {
        KeyPath path = KeyPath.of(key.bytes());
        Optional<Directory> ignored = resolve(edit, path.directory(), asked);
        if (path instanceof NoPath none) {
            mount.unreachable(key, none.reason());
        }
    }

    private Optional<Directory> resolve(Edit edit, Bytes prefix, long asked) throws IOException {
        if (prefix.equals(lastPrefix)) {
            return last;
        }
        last = find(edit, prefix, asked);
        lastPrefix = prefix;
        lastIsFresh = last.isPresent() && run.isFresh(last.get().id());
        return last;
    }

    private Optional<Directory> find(Edit edit, Bytes prefix, long asked) throws IOException {
        Optional<Directory> directory = Optional.of(mount.directory());
        for (int end = prefix.indexOf((byte) '/', 0); end >= 0; end = prefix.indexOf((byte) '/', end + 1)) {
            Bytes above = prefix.slice(0, end + 1);
            Optional<Directory> known = resolved.get(above);
            if (known == null) {
                int start = directory.map(Directory::prefix).orElse(Bytes.EMPTY).length();
                EntryName name = new EntryName(prefix.slice(start, end));
                known = inside(edit, directory.orElseThrow(), name, asked);
                resolved.put(above, known);
            }
            if (known.isEmpty()) {
                return known;
            }
            directory = known;
        }
        return directory;
    }

    private Optional<Directory> inside(Edit edit, Directory parent, EntryName name, long asked) throws IOException {
        boolean parentFresh = run.isFresh(parent.id());
        if (!parentFresh
                && mount.knowsSince(asked, parent, name)
                && edit.row(parent, name).isEmpty()) {
            return Optional.empty();
        }
        long lastId = edit.lastId();
        Optional<DirectoryRow> row = listed.directory(edit, parent, name, first);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        boolean made = row.get().id() > lastId;
        if (made && mount.origin().listsInKeyOrder()) {
            run.fresh(row.get().id());
        }
        return Optional.of(parent.child(new RowPlace(parent.id(), name), row.get()));
    }

    private void sweep(Set<Integer> dead) throws IOException, InterruptedException {
        Optional<byte[]> from = Optional.of(new byte[0]);
        while (from.isPresent()) {
            requireUninterrupted();
            CatalogTables.Found due = names.find(
                    from.get(), SWEEP_ROWS, row -> dead.contains(row.mount()) || (isOurs(row) && needsChange(row)));
            if (!due.rows().isEmpty()) {
                names.awaitListeners();
                names.edit(edit -> {
                    for (PlacedRow placed : due.rows()) {
                        settle(edit, placed, dead);
                    }
                    return true;
                });
            }
            from = due.next();
        }
    }

    private boolean isOurs(RowHead row) {
        return row.mount() == mount.number() && !row.pinned();
    }

    private boolean needsChange(RowHead row) {
        return run.isGone(row.id()) || (row.directory() && !row.listed() && run.covers(row.id()));
    }

    private void settle(Edit edit, PlacedRow placed, Set<Integer> dead) throws IOException {
        if (dead.contains(placed.row().mount())) {
            edit.discard(placed);
            return;
        }
        Optional<Row> now = edit.row(placed);
        if (now.isEmpty() || now.get().mount() != mount.number() || Names.isPinned(now.get())) {
            return;
        }
        if (run.isGone(now.get().id())) {
            Optional<Directory> parent = directories.find(placed.place().directoryId());
            if (parent.isPresent()) {
                edit.remove(parent.get(), placed.place().name(), now.get());
            } else {
                edit.collect(new PlacedRow(placed.place(), now.get()));
            }
        } else if (now.get() instanceof DirectoryRow directory && !directory.listed() && run.covers(directory.id())) {
            edit.update(placed.place(), directory.asListed());
        }
    }

    private static void requireUninterrupted() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("the listing was interrupted");
        }
    }
}
