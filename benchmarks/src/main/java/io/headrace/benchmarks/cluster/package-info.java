/** Placement: {@link io.headrace.benchmarks.cluster.PlacementBenchmark}. */
@NullMarked
package io.headrace.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
