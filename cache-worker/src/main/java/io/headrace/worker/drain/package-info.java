/**
 * A worker that goes hands over what it keeps: {@link io.headrace.worker.drain.Drain} is the whole of it,
 * {@link io.headrace.worker.drain.HandOver} the part that moves blocks. See docs/design/drain.md.
 */
@NullMarked
package io.headrace.worker.drain;

import org.jspecify.annotations.NullMarked;
