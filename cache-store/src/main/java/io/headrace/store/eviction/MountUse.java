package io.headrace.store.eviction;

import java.util.concurrent.atomic.AtomicLong;

/** What one mount keeps in one tier. */
final class MountUse {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong objects = new AtomicLong();

    AtomicLong bytes() {
        return bytes;
    }

    AtomicLong objects() {
        return objects;
    }
}
