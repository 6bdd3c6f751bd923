package io.headrace.worker.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.block.Status;
import io.headrace.store.Tier;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What all clients have on lease, and how much that may be: {@code headrace.local.clients}, {@code .leases} and
 * {@code .lent.bytes} now, {@code .requests} by status. A file that two clients hold counts twice. Thread-safe.
 */
final class LeaseTable {
    private final int mostLeases;
    private final Map<Tier, Long> mostBytes = new EnumMap<>(Tier.class);
    private final MeterRegistry meters;

    @GuardedBy("this")
    private final Map<Tier, Long> bytes = new EnumMap<>(Tier.class);

    @GuardedBy("this")
    private int leases;

    @GuardedBy("this")
    private int clients;

    LeaseTable(LocalParts parts) {
        this.mostLeases = parts.settings().mostLeases();
        this.meters = parts.meters();
        parts.store()
                .usage()
                .tiers()
                .forEach((tier, usage) -> mostBytes.put(
                        tier, usage.capacityBytes() / 100 * parts.settings().mostLentPercent()));
        Gauge.builder("headrace.local.clients", this, LeaseTable::clients).register(meters);
        Gauge.builder("headrace.local.leases", this, LeaseTable::leases).register(meters);
        Gauge.builder("headrace.local.lent.bytes", this, LeaseTable::lentBytes).register(meters);
    }

    /** Counts one more lease of so many bytes; why not, when there is no room for it. */
    synchronized Optional<String> begin(Tier tier, long kept) {
        if (leases >= mostLeases) {
            return Optional.of("the worker lends " + leases + " files already (local.most-leases)");
        }
        if (!hasRoom(tier, kept)) {
            return Optional.of("the worker lends as much as it may of its "
                    + tier.name().toLowerCase(Locale.ROOT) + " tier (local.most-lent-percent)");
        }
        leases++;
        bytes.merge(tier, kept, Long::sum);
        return Optional.empty();
    }

    /** Counts blocks that came to a file after it was lent; false when it is to be given back for that. */
    synchronized boolean grow(Tier tier, long more) {
        bytes.merge(tier, more, Long::sum);
        return hasRoom(tier, 0);
    }

    synchronized void end(Tier tier, long kept) {
        leases--;
        bytes.merge(tier, -kept, Long::sum);
    }

    synchronized void entered(int change) {
        clients += change;
    }

    void answered(Status status) {
        meters.counter(
                        "headrace.local.requests",
                        "status",
                        status.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .increment();
    }

    synchronized int leases() {
        return leases;
    }

    synchronized int clients() {
        return clients;
    }

    synchronized long lentBytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    @GuardedBy("this")
    private boolean hasRoom(Tier tier, long kept) {
        return bytes.getOrDefault(tier, 0L) + kept <= mostBytes.getOrDefault(tier, 0L);
    }
}
