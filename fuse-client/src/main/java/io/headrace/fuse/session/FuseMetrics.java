package io.headrace.fuse.session;

import io.headrace.fuse.kernel.Opcode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** What a mount counts. Thread-safe; counting allocates nothing. */
final class FuseMetrics {
    private final MeterRegistry registry;
    private final Counter[] requests = new Counter[64];
    private final Counter unknownRequests;
    private final Counter malformedRequests;
    private final Counter servedBytes;
    private final Counter passthroughOpens;
    private final Counter lostInvalidations;

    FuseMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.unknownRequests = registry.counter("headrace.fuse.requests", "opcode", "unknown");
        Arrays.fill(requests, unknownRequests);
        for (Opcode opcode : Opcode.values()) {
            requests[opcode.code()] = registry.counter("headrace.fuse.requests", "opcode", opcode.label());
        }
        this.malformedRequests = registry.counter("headrace.fuse.requests.malformed");
        this.servedBytes = registry.counter("headrace.fuse.served.bytes");
        this.passthroughOpens = registry.counter("headrace.fuse.opens", "mode", "passthrough", "reason", "complete");
        this.lostInvalidations = registry.counter("headrace.fuse.invalidations.lost");
    }

    void requested(int opcode) {
        (opcode >= 0 && opcode < requests.length ? requests[opcode] : unknownRequests).increment();
    }

    void malformed() {
        malformedRequests.increment();
    }

    void served(long bytes) {
        servedBytes.increment((double) bytes);
    }

    void openedPassedThrough() {
        passthroughOpens.increment();
    }

    /** @param reason why not passed through: a fixed word */
    void openedServed(String reason) {
        registry.counter("headrace.fuse.opens", "mode", "served", "reason", reason)
                .increment();
    }

    void failed(int errno) {
        registry.counter("headrace.fuse.errors", "errno", Integer.toString(errno))
                .increment();
    }

    void lostInvalidation() {
        lostInvalidations.increment();
    }

    void gauge(String name, IntSupplier value) {
        io.micrometer.core.instrument.Gauge.builder(name, value, IntSupplier::getAsInt)
                .strongReference(true)
                .register(registry);
    }
}
