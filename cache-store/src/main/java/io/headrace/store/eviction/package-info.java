/**
 * What goes when a tier is full: {@link io.headrace.store.eviction.TierSpace} counts bytes and asks an
 * {@link io.headrace.store.eviction.EvictionPolicy}.
 */
@NullMarked
package io.headrace.store.eviction;

import org.jspecify.annotations.NullMarked;
