/** What a client knows of its cluster: {@link io.headrace.client.cluster.WatchedViews} follows the master's view. */
@NullMarked
package io.headrace.client.cluster;

import org.jspecify.annotations.NullMarked;
