/**
 * Blocks of versioned files on this node: {@link io.headrace.store.BlockStore} keeps them in tiers, memory above disk,
 * and {@link io.headrace.store.CachedFile} reads one version, fetching what is absent from a
 * {@link io.headrace.protocol.RangeSource}. The same classes serve in a worker and in a FUSE client.
 */
@NullMarked
package io.headrace.store;

import org.jspecify.annotations.NullMarked;
