/**
 * Who is in a cluster and which worker keeps which block: {@link io.headrace.protocol.cluster.ClusterView} is what the
 * master says, {@link io.headrace.protocol.cluster.Placement} what everybody computes from it. See design 3.3.
 */
@NullMarked
package io.headrace.protocol.cluster;

import org.jspecify.annotations.NullMarked;
