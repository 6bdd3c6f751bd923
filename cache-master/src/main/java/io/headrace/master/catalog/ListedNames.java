package io.headrace.master.catalog;

import io.headrace.master.catalog.KeyPath.DirectoryPath;
import io.headrace.master.catalog.KeyPath.FilePath;
import io.headrace.master.catalog.KeyPath.NoPath;
import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ObjectStatus;
import java.io.IOException;
import java.util.Optional;

/** Puts what a listing says into the catalog, by the rules for names that {@link KeyPath} leaves open. */
final class ListedNames {
    static final String HIDDEN_BY_DIRECTORY = "a directory has the same path: there are keys that go on with a slash";
    private static final String HIDDEN_BY_MOUNT = "another origin is mounted at this path";
    private static final String MARKER_WITH_CONTENT =
            "it ends with a slash and has content, which a directory cannot show";

    private final CatalogMount mount;
    private final ListingRun run;
    private final boolean unseen;

    /** @param unseen whether nobody was ever answered about the directories that are listed, so that nobody needs to be told */
    ListedNames(CatalogMount mount, ListingRun run, boolean unseen) {
        this.mount = mount;
        this.run = run;
        this.unseen = unseen;
    }

    /** All of a page that lists what is right inside a directory. */
    void children(Edit edit, Directory directory, ListingPage page) throws IOException {
        int from = directory.prefix().length();
        for (ObjectStatus object : page.objects()) {
            switch (KeyPath.of(object.key().bytes(), from)) {
                case FilePath path -> file(edit, directory, path.name(), object);
                case DirectoryPath _ -> marker(object);
                case NoPath path -> mount.unreachable(object.key(), path.reason());
            }
        }
        for (ObjectKey key : page.directories()) {
            switch (KeyPath.of(key.bytes(), from)) {
                case FilePath _ -> throw new IOException("the origin lists a directory without a slash: " + key);
                case DirectoryPath _ -> {
                    Bytes name = key.bytes().slice(from, key.bytes().length() - 1);
                    if (!name.isEmpty()) {
                        directory(edit, directory, new EntryName(name), false);
                    }
                }
                case NoPath path -> mount.unreachable(key, path.reason());
            }
        }
        leftOut(page);
    }

    void leftOut(ListingPage page) {
        page.leftOut().forEach(left -> mount.unreachable(left.key(), left.reason()));
    }

    void marker(ObjectStatus object) {
        if (object.lengthBytes() > 0) {
            mount.unreachable(object.key(), MARKER_WITH_CONTENT);
        }
    }

    void file(Edit edit, Directory directory, EntryName name, ObjectStatus object) throws IOException {
        Optional<Row> before = edit.row(directory, name);
        if (before.isPresent() && before.get() instanceof DirectoryRow row) {
            if (row.pinned()) {
                mount.unreachable(object.key(), HIDDEN_BY_MOUNT);
            } else {
                run.contest(directory, object);
            }
        } else if (unseen && before.isEmpty()) {
            edit.putNew(
                    directory,
                    object,
                    object.key().bytes().length() - name.bytes().length());
        } else {
            edit.putFile(directory, name, object, before);
        }
    }

    /** The row of a directory that a listing has met; empty when a mount hides it. */
    Optional<DirectoryRow> directory(Edit edit, Directory parent, EntryName name, boolean listed) throws IOException {
        Optional<Row> before = edit.row(parent, name);
        if (before.isPresent() && before.get() instanceof DirectoryRow row && row.mount() == mountOf(row)) {
            if (row.pinned()) {
                mount.unreachable(parent.keyOf(name), HIDDEN_BY_MOUNT);
                return Optional.empty();
            }
            edit.met(row);
            return Optional.of(row);
        }
        if (before.isPresent() && run.hasMet(before.get().id())) {
            mount.unreachable(parent.keyOf(name), HIDDEN_BY_DIRECTORY);
        }
        DirectoryRow row = edit.putDirectory(parent, name, listed, before);
        run.made(row.id());
        return Optional.of(row);
    }

    private int mountOf(DirectoryRow row) {
        return row.pinned() ? row.mount() : mount.number();
    }

    /** Decides on objects under directories' names, when all directories that are still there have been met. */
    void settle(Edit edit) throws IOException {
        for (ListingRun.Contested contested : run.contested()) {
            Directory directory = contested.directory();
            ObjectStatus object = contested.object();
            EntryName name = new EntryName(object.key()
                    .bytes()
                    .slice(directory.prefix().length(), object.key().bytes().length()));
            Optional<Row> row = edit.row(directory, name);
            if (row.isPresent() && row.get() instanceof DirectoryRow stays && !run.isGone(stays.id())) {
                mount.unreachable(object.key(), HIDDEN_BY_DIRECTORY);
            } else {
                edit.putFile(directory, name, object, row);
            }
        }
    }
}
