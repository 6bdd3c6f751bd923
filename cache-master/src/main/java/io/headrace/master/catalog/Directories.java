package io.headrace.master.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The directories in use, the most recent ones. Thread-safe. */
final class Directories {
    private static final int MOST = 16_384;
    private static final RowPlace ROOT_PLACE = new RowPlace(0, EntryName.of("root"));

    private final CatalogTables tables;
    private final IntFunction<Optional<CatalogMount>> mounts;
    private final Cache<Long, Directory> known = Caffeine.newBuilder()
            .maximumSize(MOST)
            .executor(Runnable::run)
            .evictionListener(
                    (@Nullable Long id, @Nullable Directory directory, RemovalCause cause) -> forgotten(directory))
            .build();
    private volatile Directory root;
    /** Whether readers may hold answers about directories that are not known here: their questions are not counted. */
    private volatile boolean askedUnknown;

    /**
     * @param mounts the mount of a number, when it is mounted now
     * @param askedUnknown whether readers may hold answers of an earlier process
     */
    Directories(CatalogTables tables, IntFunction<Optional<CatalogMount>> mounts, boolean askedUnknown) {
        this.tables = tables;
        this.mounts = mounts;
        this.askedUnknown = askedUnknown;
        this.root = root(Optional.empty());
    }

    void rootBelongsTo(Optional<CatalogMount> mount) {
        forgotten(root);
        root = root(mount);
        forgetAll();
    }

    private Directory root(Optional<CatalogMount> mount) {
        return counted(new Directory(Namespace.ROOT_ID, ROOT_PLACE, mount, Bytes.EMPTY, true));
    }

    private Directory counted(Directory directory) {
        if (askedUnknown) {
            directory.isAnswered();
        }
        return directory;
    }

    private void forgotten(@Nullable Directory directory) {
        if (directory != null && !directory.wasNeverAsked()) {
            askedUnknown = true;
        }
    }

    /** The directory of this id; empty when there is none, or its mount is not mounted. */
    Optional<Directory> find(long id) throws IOException {
        if (id == Namespace.ROOT_ID) {
            return Optional.of(root);
        }
        Directory directory = known.getIfPresent(id);
        return directory != null ? Optional.of(directory) : load(id);
    }

    Optional<Directory> ifInUse(long id) {
        return id == Namespace.ROOT_ID ? Optional.of(root) : Optional.ofNullable(known.getIfPresent(id));
    }

    void forget(long id) {
        known.invalidate(id);
    }

    void forgetAll() {
        known.asMap().values().forEach(this::forgotten);
        known.invalidateAll();
    }

    private Optional<Directory> load(long id) throws IOException {
        Optional<RowPlace> place = tables.placeOf(id);
        Optional<byte[]> stored = place.isPresent() ? tables.name(place.get().encode()) : Optional.empty();
        if (stored.isEmpty() || !(RowCodec.decode(stored.get()) instanceof DirectoryRow row) || row.id() != id) {
            return Optional.empty();
        }
        Optional<Directory> loaded = row.pinned() ? pinned(place.get(), row) : inside(place.get(), row);
        if (loaded.isPresent()) {
            Directory earlier = known.asMap().putIfAbsent(id, counted(loaded.get()));
            if (tables.placeOf(id).isEmpty()) {
                // It went while it was looked for, and was forgotten too early.
                known.invalidate(id);
                return Optional.empty();
            }
            return earlier != null ? Optional.of(earlier) : loaded;
        }
        return loaded;
    }

    private Optional<Directory> pinned(RowPlace place, DirectoryRow row) {
        if (row.mount() == Row.NO_MOUNT) {
            return Optional.of(new Directory(row.id(), place, Optional.empty(), Bytes.EMPTY, true));
        }
        return mounts.apply(row.mount())
                .map(mount -> new Directory(row.id(), place, Optional.of(mount), Bytes.EMPTY, true));
    }

    private Optional<Directory> inside(RowPlace place, DirectoryRow row) throws IOException {
        Optional<Directory> parent = find(place.directoryId());
        return parent.filter(above -> above.mount().map(CatalogMount::number).orElse(Row.NO_MOUNT) == row.mount())
                .map(above -> above.child(place, row));
    }
}
