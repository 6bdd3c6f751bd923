/** The store's parts by themselves: blocks written and read by tier, the block map, checksums, a read of cached bytes. */
@NullMarked
package io.headrace.benchmarks.store;

import org.jspecify.annotations.NullMarked;
