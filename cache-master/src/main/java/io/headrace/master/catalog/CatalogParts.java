package io.headrace.master.catalog;

import io.headrace.protocol.FaultPoints;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * What the mounts of one catalog share.
 *
 * @param unmount takes a mount out of the namespace
 * @param deadMounts whose rows can be discarded, by number
 */
record CatalogParts(
        CatalogTables tables,
        Names names,
        Directories directories,
        Background background,
        CatalogSettings settings,
        Clock clock,
        FaultPoints faults,
        Consumer<CatalogMount> unmount,
        IntPredicate deadMounts) {}
