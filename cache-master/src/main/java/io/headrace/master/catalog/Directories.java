package io.headrace.master.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntFunction;

/** The directories in use, the most recent ones. Thread-safe. */
final class Directories {
    private static final int MOST = 16_384;
    private static final RowPlace ROOT_PLACE = new RowPlace(0, EntryName.of("root"));

    private final CatalogTables tables;
    private final IntFunction<Optional<CatalogMount>> mounts;
    private final Cache<Long, Directory> known =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    private volatile Directory root;

    /** @param mounts the mount of a number, when it is mounted now */
    Directories(CatalogTables tables, IntFunction<Optional<CatalogMount>> mounts) {
        this.tables = tables;
        this.mounts = mounts;
        this.root = new Directory(Namespace.ROOT_ID, ROOT_PLACE, Optional.empty(), Bytes.EMPTY, true);
    }

    void rootBelongsTo(Optional<CatalogMount> mount) {
        root = new Directory(Namespace.ROOT_ID, ROOT_PLACE, mount, Bytes.EMPTY, true);
        known.invalidateAll();
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
            Directory earlier = known.asMap().putIfAbsent(id, loaded.get());
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
