package io.headrace.protocol;

/** A name that now stands for something else than before. */
public sealed interface NamespaceChange {
    long directoryId();

    EntryName name();

    record Added(long directoryId, EntryName name, Entry entry) implements NamespaceChange {}

    /** @param previousId the id that this name stood for */
    record Replaced(long directoryId, EntryName name, long previousId, Entry entry) implements NamespaceChange {}

    /** @param previousId the id that this name stood for */
    record Removed(long directoryId, EntryName name, long previousId) implements NamespaceChange {}
}
