/** The block protocol by itself: what a frame costs, its checksums included. */
@NullMarked
package io.headrace.benchmarks.block;

import org.jspecify.annotations.NullMarked;
