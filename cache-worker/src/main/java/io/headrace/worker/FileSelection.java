package io.headrace.worker;

import java.io.IOException;
import java.util.Optional;

/** Which files to load. Can be walked several times, and by several threads with a cursor each. */
@FunctionalInterface
public interface FileSelection {
    /** Starts a walk; the caller closes it. */
    FileCursor open() throws IOException;

    /** One walk; for one thread. */
    interface FileCursor extends AutoCloseable {
        /** The next file; empty at the end. */
        Optional<SelectedFile> next() throws IOException;

        @Override
        void close();
    }
}
