package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A catalog's files as they were at one moment, until this is closed. */
public record CatalogCopy(Path directory) implements AutoCloseable {
    /**
     * Says that the files at {@code directory}, if any, are of an earlier time: the catalog that is opened there gives out no id that may
     * have been given out since.
     */
    public static void markRestored(Path directory) throws IOException {
        if (Files.exists(directory)) {
            Files.writeString(directory.resolve(CatalogHome.RESTORED), "");
        }
    }

    @Override
    public void close() throws IOException {
        CatalogHome.delete(directory);
    }
}
