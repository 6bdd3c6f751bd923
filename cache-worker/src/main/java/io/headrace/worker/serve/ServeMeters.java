package io.headrace.worker.serve;

import io.headrace.protocol.block.Opcode;
import io.headrace.protocol.block.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is served: {@code headrace.serve.bytes}, {@code .requests} by opcode and status, {@code .hellos} by status,
 * {@code .connections}, {@code .files}, {@code .reads.waiting} and {@code .pinned.bytes} now.
 */
final class ServeMeters {
    private record Ending(String what, Status status) {}

    private final MeterRegistry registry;
    private final Counter bytes;
    private final AtomicLong pinned = new AtomicLong();
    private final ConcurrentHashMap<Ending, Counter> endings = new ConcurrentHashMap<>();

    ServeMeters(MeterRegistry registry) {
        this.registry = registry;
        this.bytes = registry.counter("headrace.serve.bytes");
        Gauge.builder("headrace.serve.pinned.bytes", pinned, AtomicLong::get).register(registry);
    }

    void watch(ConnectionTable table) {
        Gauge.builder("headrace.serve.connections", table, ConnectionTable::served)
                .register(registry);
        Gauge.builder("headrace.serve.files", table, ConnectionTable::openFiles).register(registry);
    }

    void watch(StoreReads reads) {
        Gauge.builder("headrace.serve.reads.waiting", reads, StoreReads::waiting)
                .register(registry);
    }

    void sent(int count) {
        bytes.increment(count);
    }

    void pinned(long change) {
        pinned.addAndGet(change);
    }

    void answered(Opcode opcode, Status status) {
        endings.computeIfAbsent(
                        new Ending(opcode.name(), status),
                        ending -> registry.counter(
                                "headrace.serve.requests", "opcode", tag(opcode.name()), "status", tag(status.name())))
                .increment();
    }

    void greeted(Status status) {
        endings.computeIfAbsent(
                        new Ending("HELLO", status),
                        ending -> registry.counter("headrace.serve.hellos", "status", tag(status.name())))
                .increment();
    }

    private static String tag(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
