package io.headrace.client;

import io.headrace.protocol.EntryName;

/**
 * The file that a reader is expected to go on with, in the same directory. It may not exist.
 *
 * @param bytes how many of its first bytes to fetch now; may be more than it has
 */
public record NextFile(EntryName name, long bytes) {
    public NextFile {
        if (bytes < 1) {
            throw new IllegalArgumentException("nothing to fetch of " + name);
        }
    }
}
