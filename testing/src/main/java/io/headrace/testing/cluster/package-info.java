/** The real processes of a cluster, on the hosts of a {@link io.headrace.testing.network.TestNetwork}. */
@NullMarked
package io.headrace.testing.cluster;

import org.jspecify.annotations.NullMarked;
