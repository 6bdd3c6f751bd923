/**
 * Filling a worker from its peers: {@link io.headrace.worker.peer.PeerSource} stands between a store and the origin. See
 * design 3.3.
 */
@NullMarked
package io.headrace.worker.peer;

import org.jspecify.annotations.NullMarked;
