package io.headrace.storage;

import io.headrace.protocol.ObjectKey;
import java.util.Optional;

/**
 * @param prefix only keys that start with these bytes; empty for all
 * @param continuation from the page before; empty for the first page
 * @param startAfter only keys behind this one; needs {@link UnderStoreCapabilities#listsFromKey}
 * @param recursive all keys below the prefix; else those up to the next {@code '/'}, deeper ones rolled up as one
 *     directory each
 */
public record ListingRequest(
        ObjectKey prefix, Optional<String> continuation, Optional<ObjectKey> startAfter, boolean recursive) {
    public static ListingRequest all() {
        return new ListingRequest(ObjectKey.of(""), Optional.empty(), Optional.empty(), true);
    }

    /** The objects and directories right below {@code prefix}, which is empty or ends with {@code '/'}. */
    public static ListingRequest children(ObjectKey prefix) {
        return new ListingRequest(prefix, Optional.empty(), Optional.empty(), false);
    }

    public ListingRequest next(String continuation) {
        return new ListingRequest(prefix, Optional.of(continuation), startAfter, recursive);
    }
}
