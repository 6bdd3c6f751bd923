package io.headrace.store;

/** Told of bytes as they become kept; called on fetch threads, must return fast. */
@FunctionalInterface
public interface FetchProgress {
    FetchProgress IGNORED = (fetched, present) -> {};

    /**
     * @param fetchedBytes fetched since the last call
     * @param presentBytes found already kept since the last call
     */
    void advanced(long fetchedBytes, long presentBytes);
}
