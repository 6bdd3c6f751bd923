package io.headrace.store;

import java.io.IOException;

/**
 * Pinned bytes cannot be read: the cache's file was cut short under them, or its disk fails. {@link CachedFile#recheck} drops
 * what is damaged, which is fetched again when it is read next.
 */
public final class UnreadableBytesException extends IOException {
    UnreadableBytesException(Throwable fault) {
        super("the cache's file was cut short or its disk fails; headrace check drops what is damaged", fault);
    }
}
