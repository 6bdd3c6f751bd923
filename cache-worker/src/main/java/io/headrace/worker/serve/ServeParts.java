package io.headrace.worker.serve;

import io.headrace.protocol.RangeSource;
import io.headrace.store.BlockStore;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What a block server is made of; it owns none of it.
 *
 * @param source where the store gets what it lacks
 */
public record ServeParts(
        BlockStore store,
        RangeSource source,
        Authorizer authorizer,
        BlockServerSettings settings,
        MeterRegistry meters) {}
