package io.headrace.cli.control;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Finds what a path stands for. */
record PathLookup(Namespace namespace) {
    /**
     * @param path from the root, with slashes between names
     * @return empty for the root
     * @throws NoSuchFileException when the path names nothing
     */
    Optional<Entry> find(String path) throws IOException {
        Optional<Entry> entry = Optional.empty();
        long directory = Namespace.ROOT_ID;
        for (String name : path.split("/")) {
            if (name.isEmpty()) {
                continue;
            }
            if (entry.isPresent() && !(entry.get() instanceof DirectoryEntry)) {
                throw new NoSuchFileException(path);
            }
            entry = EntryName.isValid(Bytes.utf8(name))
                    ? namespace.lookup(directory, EntryName.of(name))
                    : Optional.empty();
            directory = entry.orElseThrow(() -> new NoSuchFileException(path)).id();
        }
        return entry;
    }
}
