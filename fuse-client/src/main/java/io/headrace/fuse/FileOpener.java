package io.headrace.fuse;

import io.headrace.protocol.Entry.FileEntry;
import io.headrace.store.CachedFile;
import java.io.IOException;

/** Opens what a name stands for. */
@FunctionalInterface
public interface FileOpener {
    /** Opens this very version, for the mount to close; starts no fetch. */
    CachedFile open(FileEntry file) throws IOException;
}
