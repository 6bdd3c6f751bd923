package io.headrace.store;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FileVersion;
import io.headrace.store.flight.FlightScheduler;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What every part of one store shares.
 *
 * @param wallMillis the ticker as milliseconds since 1970, for what is remembered over restarts
 * @param useStepMillis a use is worth writing down when the last one is older
 * @param recentPieces what was fetched past the tiers lately
 * @param pins the versions that are kept from eviction; thread-safe
 * @param idle told when a file's last use has ended, with no lock held
 */
record StoreContext(
        FaultPoints faults,
        MeterRegistry meters,
        LongSupplier nanoTicker,
        LongSupplier wallMillis,
        long useStepMillis,
        FlightScheduler scheduler,
        RecentPieces recentPieces,
        Set<FileVersion> pins,
        Consumer<StoredFile> idle) {}
