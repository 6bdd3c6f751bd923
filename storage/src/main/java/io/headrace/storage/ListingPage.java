package io.headrace.storage;

import io.headrace.protocol.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * @param objects in the store's order
 * @param directories rolled up prefixes and empty directories, each ending with {@code '/'}
 * @param leftOut what is there but cannot be read as an object, to be reported and not dropped silently
 * @param next what to ask the next page with; empty on the last page
 */
public record ListingPage(
        List<ObjectStatus> objects, List<ObjectKey> directories, List<LeftOut> leftOut, Optional<String> next) {
    public ListingPage {
        objects = List.copyOf(objects);
        directories = List.copyOf(directories);
        leftOut = List.copyOf(leftOut);
    }

    public ListingPage(List<ObjectStatus> objects, List<ObjectKey> directories, Optional<String> next) {
        this(objects, directories, List.of(), next);
    }

    /** @param reason in words, such as "a named pipe" */
    public record LeftOut(ObjectKey key, String reason) {}
}
