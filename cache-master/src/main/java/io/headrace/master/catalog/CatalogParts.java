package io.headrace.master.catalog;

import io.headrace.protocol.FaultPoints;
import java.time.Clock;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the mounts of one catalog share.
 *
 * @param unmount takes a mount out of the namespace
 * @param deadMounts numbers of those whose rows can be discarded; grows
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
        Set<Integer> deadMounts) {}
