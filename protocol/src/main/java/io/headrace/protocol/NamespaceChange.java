package io.headrace.protocol;

/** What may not be believed of a {@link Namespace} any more. */
public sealed interface NamespaceChange {
    /** A name that now stands for something else than before. */
    sealed interface OfName extends NamespaceChange {
        long directoryId();

        EntryName name();
    }

    record Added(long directoryId, EntryName name, Entry entry) implements OfName {}

    /** @param previousId the id that this name stood for */
    record Replaced(long directoryId, EntryName name, long previousId, Entry entry) implements OfName {}

    /** @param previousId the id that this name stood for */
    record Removed(long directoryId, EntryName name, long previousId) implements OfName {}

    /** Changes were missed, and nobody can tell which: any name may stand for something else than before. */
    record Missed() implements NamespaceChange {}
}
