package io.headrace.cli.daemon;

import io.headrace.client.local.LocalTally;
import io.headrace.client.local.NodeStores;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.local.LocalSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The stores of this machine's workers as a mount reads them, with their meters. */
final class NearStores {
    private NearStores() {}

    /** Empty where the settings turn it off. */
    static Optional<NodeStores> open(
            LocalSettings settings, ClusterViews views, Supplier<Bytes> token, MeterRegistry meters) {
        if (!settings.enabled()) {
            return Optional.empty();
        }
        NodeStores stores = new NodeStores(views, settings, token);
        count(meters, "bytes", stores, LocalTally::bytes);
        count(meters, "questions", stores, LocalTally::questions);
        count(meters, "opened", stores, LocalTally::opened);
        count(meters, "absent", stores, LocalTally::absent);
        count(meters, "failures", stores, LocalTally::failures);
        return Optional.of(stores);
    }

    private static void count(
            MeterRegistry meters, String name, NodeStores stores, ToDoubleFunction<LocalTally> counted) {
        FunctionCounter.builder("headrace.client.local." + name, stores.tally(), counted)
                .register(meters);
    }
}
