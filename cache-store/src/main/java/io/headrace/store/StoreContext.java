package io.headrace.store;

import io.headrace.protocol.FaultPoints;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** What every part of one store shares. */
record StoreContext(FaultPoints faults, MeterRegistry meters, LongSupplier nanoTicker) {}
