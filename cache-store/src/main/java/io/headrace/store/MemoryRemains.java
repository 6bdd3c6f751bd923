package io.headrace.store;

import io.headrace.store.tier.MemoryDirectory;
import io.headrace.store.tier.StoreDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a store whose process died leaves in the machine's memory. The next one that opens the directory removes it; so
 * may anybody else who has the lock.
 *
 * @param directories where it can be: a mounted tmpfs, or a folder of one
 * @param lock the file whose flock(2) every open store has
 */
public record MemoryRemains(List<Path> directories, Path lock) {
    public MemoryRemains {
        directories = List.copyOf(directories);
    }

    /** Of a store that was opened with these settings. */
    public static MemoryRemains of(StoreSettings settings) throws IOException {
        return new MemoryRemains(
                MemoryDirectory.candidates(settings.directory()), StoreDirectory.lockOf(settings.directory()));
    }
}
