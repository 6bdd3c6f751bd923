package io.headrace.store;

import io.headrace.protocol.FileVersion;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The files of a store by version: each version has one object while it is used or kept. Thread-safe. */
final class StoredFiles {
    private final ConcurrentHashMap<FileVersion, StoredFile> files = new ConcurrentHashMap<>();

    /** The version's file with one more use, for the caller to release. */
    StoredFile used(FileVersion version, Function<FileVersion, StoredFile> create) {
        return Objects.requireNonNull(files.compute(version, (key, known) -> {
            StoredFile file = known == null ? create.apply(key) : known;
            file.retain();
            return file;
        }));
    }

    /** The version's file without a use; only while a store is being opened. */
    StoredFile restored(FileVersion version, Function<FileVersion, StoredFile> create) {
        return files.computeIfAbsent(version, create);
    }

    Optional<StoredFile> find(FileVersion version) {
        return Optional.ofNullable(files.get(version));
    }

    Collection<StoredFile> all() {
        return files.values();
    }

    /** A file's last use has ended: it goes unless it keeps something or is used again. */
    void idle(StoredFile file) {
        files.computeIfPresent(
                file.version(),
                (version, known) -> known.equals(file) && file.isIdle() && file.isForgettable() ? null : known);
    }
}
