package io.headrace.storage;

import io.headrace.protocol.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * @param objects in the store's order
 * @param directories rolled up prefixes and empty directories, each ending with {@code '/'}
 * @param next what to ask the next page with; empty on the last page
 */
public record ListingPage(List<ObjectStatus> objects, List<ObjectKey> directories, Optional<String> next) {
    public ListingPage {
        objects = List.copyOf(objects);
        directories = List.copyOf(directories);
    }
}
