package io.headrace.store;

import io.headrace.store.tier.StoreDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Removes stores that nobody has open, of any format. */
public final class StoreRemoval {
    private StoreRemoval() {}

    /**
     * Removes a store, with what its process may have left in memory when it died. When this is broken off, what is left
     * is in a directory of the same name with {@code .removed} behind it, for another call.
     *
     * @param whole the store's directory or one above it: all in it goes
     * @param store the store's directory
     * @throws DirectoryInUseException when a process has the store open; nothing was removed then
     */
    public static void remove(Path whole, Path store) throws IOException {
        StoreDirectory.remove(whole, store);
    }

    /** The file that names the process that has a store open, or had it last. */
    public static Path ownerFile(Path store) {
        return StoreDirectory.lockOf(store);
    }
}
