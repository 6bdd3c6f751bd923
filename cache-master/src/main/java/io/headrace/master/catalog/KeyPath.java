package io.headrace.master.catalog;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;

/**
 * The path that a key has in a file system, by the rules of {@code docs/semantics.md}, "Names": a key is cut at each
 * {@code '/'}, and each piece must be a file name as it is.
 */
sealed interface KeyPath {
    /** The directory of all keys that start with these bytes: empty, or ends with {@code '/'}. */
    Bytes directory();

    record FilePath(Bytes directory, EntryName name) implements KeyPath {}

    /** The key is the directory itself: it ends with a slash. */
    record DirectoryPath(Bytes directory) implements KeyPath {}

    /** @param directory the deepest directory on the way to the piece that is no file name */
    record NoPath(Bytes directory, String reason) implements KeyPath {}

    static KeyPath of(Bytes key) {
        return of(key, 0);
    }

    /** @param from where to start checking: 0, or behind a slash up to which the key is known to be good */
    static KeyPath of(Bytes key, int from) {
        int start = from;
        while (true) {
            int slash = key.indexOf((byte) '/', start);
            int end = slash < 0 ? key.length() : slash;
            if (slash < 0 && start == end) {
                return new DirectoryPath(key);
            }
            Bytes piece = key.slice(start, end);
            if (!EntryName.isValid(piece)) {
                return new NoPath(key.slice(0, start), reasonAgainst(piece));
            }
            if (slash < 0) {
                return new FilePath(key.slice(0, start), new EntryName(piece));
            }
            start = slash + 1;
        }
    }

    /** Why these bytes, which are not valid, cannot be a file name. */
    static String reasonAgainst(Bytes piece) {
        if (piece.isEmpty()) {
            return "an empty name: a slash at the start, or two in a row";
        }
        if (piece.indexOf((byte) 0, 0) >= 0) {
            return "a NUL byte in a name";
        }
        if (piece.length() > EntryName.MAX_BYTES) {
            return "a name of " + piece.length() + " bytes; file names have at most " + EntryName.MAX_BYTES;
        }
        return "the name \"" + piece + "\" means a directory, not an entry in it";
    }
}
