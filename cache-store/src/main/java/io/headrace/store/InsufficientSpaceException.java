package io.headrace.store;

import java.io.IOException;

/** The tiers are full of blocks that may not be evicted, or their disks are; the message names the directory. */
public final class InsufficientSpaceException extends IOException {
    public InsufficientSpaceException(String message) {
        super(message);
    }
}
