package io.headrace.testing.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** When each version of each file was the current one at the origin, in the nanoseconds of one clock. Thread-safe. */
final class VersionHistory {
    private record Key(int file, long version) {}

    /** No version is forgotten: a reader may hold a very old one, which is what this is to find. */
    private final Map<Key, Long> replacedBy = new HashMap<>();

    private final Map<Integer, Long> changed = new HashMap<>();
    private final Map<Integer, Long> newest = new HashMap<>();

    /** Called before the origin is told: from now on the next version may be seen. */
    synchronized void replacing(int file) {
        newest.merge(file, 1L, Long::sum);
    }

    /** Called when the origin has said that the newest version is current. */
    synchronized void replaced(int file, long nanos) {
        changed.put(file, nanos);
        replacedBy.put(new Key(file, newest.getOrDefault(file, 0L) - 1), nanos);
    }

    synchronized boolean exists(int file, long version) {
        return version >= 0 && version <= newest.getOrDefault(file, 0L);
    }

    synchronized boolean isReplaced(int file, long version) {
        return version < newest.getOrDefault(file, 0L);
    }

    /** Whether the file had another version after that time. */
    synchronized boolean hasChangedSince(int file, long nanos) {
        Long change = changed.get(file);
        return change != null && change - nanos >= 0;
    }

    /** How long ago the version was replaced; zero when it is current. */
    synchronized Duration age(int file, long version, long nanos) {
        Long end = replacedBy.get(new Key(file, version));
        return end == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanos - end));
    }
}
