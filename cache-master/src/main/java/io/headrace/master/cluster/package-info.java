/**
 * Who is in the cluster: {@link io.headrace.master.cluster.Cluster} serves what {@link
 * io.headrace.master.cluster.Membership} decides. See {@code docs/design/membership.md}.
 */
@NullMarked
package io.headrace.master.cluster;

import org.jspecify.annotations.NullMarked;
