package io.headrace.worker.job;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.RangeSource;
import io.headrace.store.BlockStore;
import io.headrace.worker.pin.KeptPins;

/**
 * Where a worker's tasks bring blocks.
 *
 * @param source the same as the store's other readers have
 */
public record JobPlace(BlockStore store, RangeSource source, KeptPins pins, FaultPoints faults) {}
