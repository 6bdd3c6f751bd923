package io.headrace.master.catalog;

import io.headrace.protocol.ObjectKey;

/**
 * A key that no path leads to.
 *
 * @param reason in words, such as {@code "the name \"..\" means the directory above"}
 */
public record UnreachableKey(ObjectKey key, String reason) {}
