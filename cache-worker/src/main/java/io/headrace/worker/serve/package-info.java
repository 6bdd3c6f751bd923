/**
 * Serving blocks: {@link io.headrace.worker.serve.BlockServer} answers the block protocol from a store
 * ({@code docs/design/block-protocol.md}, {@code docs/design/cache-worker.md}).
 */
@NullMarked
package io.headrace.worker.serve;

import org.jspecify.annotations.NullMarked;
