/**
 * Small files, many to one file of the disk: {@link io.headrace.store.packed.PackedFiles} appends them to slabs of some
 * MiB, and a slab is evicted whole.
 */
@NullMarked
package io.headrace.store.packed;

import org.jspecify.annotations.NullMarked;
