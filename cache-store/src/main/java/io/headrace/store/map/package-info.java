/**
 * What is kept: {@link io.headrace.store.map.BlockMap} on disk, {@link io.headrace.store.map.BlockStates} in memory,
 * both over the same table so that a tier that dies with its process needs no RocksDB.
 */
@NullMarked
package io.headrace.store.map;

import org.jspecify.annotations.NullMarked;
