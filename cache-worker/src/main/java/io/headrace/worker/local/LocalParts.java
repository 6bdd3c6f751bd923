package io.headrace.worker.local;

import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.store.BlockStore;
import io.headrace.worker.serve.Authorizer;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What a local server is made of; it owns none of it.
 *
 * @param source where the store gets what it lacks; the server asks it for nothing
 */
public record LocalParts(
        WorkerId worker,
        BlockStore store,
        RangeSource source,
        Authorizer authorizer,
        LocalSettings settings,
        MeterRegistry meters) {}
