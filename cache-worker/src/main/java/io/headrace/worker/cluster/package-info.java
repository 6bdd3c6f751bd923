/** A worker as a member of its cluster: {@link io.headrace.worker.cluster.Registration}. */
@NullMarked
package io.headrace.worker.cluster;

import org.jspecify.annotations.NullMarked;
