package io.headrace.protocol;

import java.time.Instant;

/**
 * What a name in a {@link Namespace} stands for.
 *
 * <p>The id is from 1 to 2<sup>60</sup>, is never given to anything else, and outlives restarts. A directory keeps its
 * id for life; a file gets a new one with each version, so equal ids mean equal bytes.
 */
public sealed interface Entry {
    long id();

    EntryName name();

    Instant modified();

    record FileEntry(long id, EntryName name, FileVersion version, Instant modified) implements Entry {}

    /** The root has an empty path and no name of its own; it is never inside an {@code Entry}. */
    record DirectoryEntry(long id, EntryName name, Instant modified) implements Entry {}
}
