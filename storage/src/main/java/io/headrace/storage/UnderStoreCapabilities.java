package io.headrace.storage;

/**
 * What a kind of origin can do.
 *
 * @param listsInKeyOrder pages come in unsigned byte order of the full key
 * @param listsFromKey a listing can start after a given key
 * @param writes objects can be created and deleted
 * @param conditionalReads the origin itself refuses a read of another version, so that no window is left between check
 *     and read
 * @param hasDirectories empty directories exist and are listed, as keys that end with {@code '/'} and have no length
 */
public record UnderStoreCapabilities(
        boolean listsInKeyOrder,
        boolean listsFromKey,
        boolean writes,
        boolean conditionalReads,
        boolean hasDirectories) {}
