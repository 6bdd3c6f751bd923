/**
 * What readers ask a worker for most: {@link io.headrace.worker.demand.BlockDemand} says how many owners a block needs for
 * now. See {@code docs/design/placement.md}.
 */
@NullMarked
package io.headrace.worker.demand;

import org.jspecify.annotations.NullMarked;
