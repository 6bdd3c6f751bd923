package io.headrace.store.map;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One entry of an {@link OrderedTable} to be put or deleted. The arrays are not changed by anybody. */
public final class Change {
    private final byte[] key;
    private final byte @Nullable [] value;

    private Change(byte[] key, byte @Nullable [] value) {
        this.key = key;
        this.value = value;
    }

    public static Change put(byte[] key, byte[] value) {
        return new Change(key, value);
    }

    public static Change delete(byte[] key) {
        return new Change(key, null);
    }

    byte[] key() {
        return key;
    }

    /** Empty to delete the key. */
    Optional<byte[]> value() {
        return Optional.ofNullable(value);
    }
}
