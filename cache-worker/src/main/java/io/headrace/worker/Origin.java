package io.headrace.worker;

import io.headrace.storage.UnderStore;
import io.micrometer.core.instrument.MeterRegistry;

/** One origin and what all reads of it share. */
record Origin(
        UnderStore store,
        OriginSettings settings,
        RequestSlots slots,
        ByteRate rate,
        OriginHealth health,
        OriginMeters meters) {
    static Origin of(UnderStore store, OriginSettings settings, MeterRegistry registry, FetchClock clock) {
        return new Origin(
                store,
                settings,
                new RequestSlots(settings.maxConcurrentRequests()),
                new ByteRate(settings.maxBytesPerSecond(), clock),
                new OriginHealth(clock),
                new OriginMeters(store.mountId(), registry));
    }
}
