package io.headrace.worker;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.MountId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What is asked of one origin, by reason: {@code headrace.origin.requests}, {@code .bytes}, {@code .retries}, {@code .latency}. */
final class OriginMeters {
    private final Map<FetchReason, ReasonMeters> byReason = new EnumMap<>(FetchReason.class);

    OriginMeters(MountId mount, MeterRegistry registry) {
        for (FetchReason reason : FetchReason.values()) {
            Tags tags = Tags.of("mount", mount.value(), "reason", tag(reason));
            byReason.put(
                    reason,
                    new ReasonMeters(
                            registry.counter("headrace.origin.requests", tags),
                            registry.counter("headrace.origin.bytes", tags),
                            registry.counter("headrace.origin.retries", tags),
                            registry.timer("headrace.origin.latency", tags)));
        }
    }

    /** As the store's meters say it: {@code "read-ahead"}. */
    static String tag(FetchReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ReasonMeters of(FetchReason reason) {
        ReasonMeters meters = byReason.get(reason);
        if (meters == null) {
            throw new IllegalStateException("no meters for " + reason);
        }
        return meters;
    }

    /** @param latency from asking until the first byte */
    record ReasonMeters(Counter requests, Counter bytes, Counter retries, Timer latency) {}
}
