package io.headrace.master.catalog;

import io.headrace.protocol.FaultPoints;
import java.time.Clock;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What all edits share.
 *
 * @param runs the listings under way; guarded by the write lock
 * @param directoryGone called for each directory whose row went or changed
 */
record EditParts(
        CatalogTables tables,
        IdCounter ids,
        Set<ListingRun> runs,
        ChangeFeed feed,
        FaultPoints faults,
        Clock clock,
        LongConsumer directoryGone) {}
