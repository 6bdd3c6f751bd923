package io.headrace.store;

import java.io.IOException;

/**
 * Pinned bytes cannot be read, or are not as they were fetched: the cache's file was cut short or changed under them, or its
 * disk fails. {@link CachedFile#recheck} drops
 * what is damaged, which is fetched again when it is read next.
 */
public final class UnreadableBytesException extends IOException {
    /** @param damaged what, where */
    UnreadableBytesException(String damaged) {
        super(damaged
                + ": its bytes do not match their CRC32C; they are dropped and fetched again when they are read next");
    }

    UnreadableBytesException(Throwable fault) {
        super("the cache's file was cut short or its disk fails; headrace check drops what is damaged", fault);
    }
}
