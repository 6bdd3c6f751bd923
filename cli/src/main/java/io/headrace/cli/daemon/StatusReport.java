package io.headrace.cli.daemon;

import io.headrace.fuse.FuseMount;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.v1.FlightStatus;
import io.headrace.protocol.v1.NodeStatus;
import io.headrace.protocol.v1.TierStatus;
import io.headrace.store.StoreUsage;
import io.headrace.store.StoreUsage.TierUsage;
import io.headrace.store.Tier;
import java.util.Locale;
import java.util.Objects;

/** What the parts say of themselves, as one message. */
record StatusReport(MountPlan plan, NodeParts parts, FuseMount mount) {
    NodeStatus.Builder message() {
        NamespaceTotals totals = parts.namespace().totals();
        StoreUsage usage = parts.store().usage();
        NodeStatus.Builder status = NodeStatus.newBuilder()
                .setMountPoint(plan.mountPoint().toString())
                .setTimeToLiveMillis(plan.settings().store().timeToLive().toMillis())
                .setReadMode(mount.noPassthrough()
                        .map(reason -> "served, because " + reason)
                        .orElse("passthrough"))
                .setFiles(totals.files())
                .setDirectories(totals.directories())
                .setBytes(totals.bytes())
                .setLogFile(Objects.toString(System.getenv("HEADRACE_LOG"), ""))
                .setServedReads(counted("headrace.fuse.requests", "opcode", "read"))
                .setPassthroughOpens(counted("headrace.fuse.opens", "mode", "passthrough"))
                .setFlights(FlightStatus.newBuilder()
                        .setRunning(usage.flights().running())
                        .setWaiting(usage.flights().waiting())
                        .setBufferedBytes(usage.flights().bufferedBytes())
                        .setBudgetBytes(usage.flights().budgetBytes()));
        status.addAllOrigins(parts.originStatus());
        usage.tiers().forEach((tier, figures) -> status.addTiers(tier(tier, figures)));
        return status;
    }

    private long counted(String name, String tag, String value) {
        return parts.meters().find(name).tag(tag, value).counters().stream()
                .mapToLong(counter -> (long) counter.count())
                .sum();
    }

    private static String name(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    private static TierStatus tier(Tier tier, TierUsage usage) {
        return TierStatus.newBuilder()
                .setName(name(tier))
                .setCapacityBytes(usage.capacityBytes())
                .setUsedBytes(usage.usedBytes())
                .setPinnedBytes(usage.pinnedBytes())
                .setHandedOutBytes(usage.handedOutBytes())
                .setFiles(usage.files())
                .setEvictedBytes(usage.evictedBytes())
                .build();
    }
}
