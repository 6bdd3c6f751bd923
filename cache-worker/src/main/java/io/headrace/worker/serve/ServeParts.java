package io.headrace.worker.serve;

import io.headrace.protocol.RangeSource;
import io.headrace.protocol.tls.TlsIdentity;
import io.headrace.store.BlockStore;
import io.headrace.worker.demand.BlockDemand;
import io.headrace.worker.demand.HotBlockSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/**
 * What a block server is made of; it owns none of it.
 *
 * @param source where the store gets what it lacks
 * @param tls who it is; empty for plain text
 * @param demand counts what readers are given
 */
public record ServeParts(
        BlockStore store,
        RangeSource source,
        Authorizer authorizer,
        BlockServerSettings settings,
        MeterRegistry meters,
        Optional<TlsIdentity> tls,
        BlockDemand demand) {
    /** Of a server in plain text. */
    public ServeParts(
            BlockStore store,
            RangeSource source,
            Authorizer authorizer,
            BlockServerSettings settings,
            MeterRegistry meters) {
        this(
                store,
                source,
                authorizer,
                settings,
                meters,
                Optional.empty(),
                new BlockDemand(HotBlockSettings.defaults(), meters, System::nanoTime));
    }
}
