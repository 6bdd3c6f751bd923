/**
 * Reading blocks from workers: {@link io.headrace.client.block.ClusterSource} asks the workers that a block is placed on, and
 * goes on with the next when one fails; {@link io.headrace.client.block.WorkerConnections} keeps the connections. See
 * {@code docs/design/cluster-reads.md}.
 */
@NullMarked
package io.headrace.client.block;

import org.jspecify.annotations.NullMarked;
