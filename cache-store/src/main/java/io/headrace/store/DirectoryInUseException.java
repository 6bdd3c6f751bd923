package io.headrace.store;

import java.io.IOException;

/** Another process owns the cache directory; the message names both. */
public final class DirectoryInUseException extends IOException {
    public DirectoryInUseException(String message) {
        super(message);
    }
}
