package io.headrace.testing.oss;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects of one bucket, in the byte order of their keys; thread-safe. Keys need not be possible file names. */
final class Bucket {
    private final String name;
    private final Path folder;
    private final ConcurrentSkipListMap<Bytes, Path> objects = new ConcurrentSkipListMap<>();

    Bucket(String name, Path folder) throws IOException {
        this.name = name;
        this.folder = folder;
        refresh();
    }

    String name() {
        return name;
    }

    /** Takes up the files that are in the bucket's folder now, and forgets those that are gone from it. */
    void refresh() throws IOException {
        Map<Bytes, Path> files = new HashMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.filter(Files::isRegularFile)
                    .forEach(
                            file -> files.put(Bytes.utf8(folder.relativize(file).toString()), file));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        objects.entrySet().removeIf(known -> known.getValue().startsWith(folder) && !files.containsKey(known.getKey()));
        objects.putAll(files);
    }

    Optional<StoredObject> find(ObjectKey key) throws IOException {
        Path file = objects.get(key.bytes());
        return file == null ? Optional.empty() : status(file);
    }

    static Optional<StoredObject> status(Path file) throws IOException {
        try {
            return Optional.of(StoredObject.of(file));
        } catch (NoSuchFileException deletedMeanwhile) {
            return Optional.empty();
        }
    }

    /** Makes {@code file} the object's content; a file that was uploaded for it before is removed. */
    void put(ObjectKey key, Path file) throws IOException {
        forget(objects.put(key.bytes(), file));
    }

    /** A file in the bucket's folder stays there, and is an object again after {@link #refresh}. */
    void remove(ObjectKey key) throws IOException {
        forget(objects.remove(key.bytes()));
    }

    private void forget(@Nullable Path before) throws IOException {
        if (before != null && !before.startsWith(folder)) {
            Files.deleteIfExists(before);
        }
    }

    ConcurrentNavigableMap<Bytes, Path> from(Bytes first, boolean inclusive) {
        return objects.tailMap(first, inclusive);
    }
}
