/**
 * Where bytes lie: one sparse file for each version and tier, {@link io.headrace.store.tier.TierFile}, in a directory
 * that one process owns, {@link io.headrace.store.tier.StoreDirectory}.
 */
@NullMarked
package io.headrace.store.tier;

import org.jspecify.annotations.NullMarked;
