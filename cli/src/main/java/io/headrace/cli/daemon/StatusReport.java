package io.headrace.cli.daemon;

import io.headrace.fuse.FuseMount;
import io.headrace.master.catalog.MountStatus;
import io.headrace.master.catalog.UnreachableKey;
import io.headrace.protocol.MountId;
import io.headrace.protocol.Namespace.NamespaceTotals;
import io.headrace.protocol.OriginTrouble;
import io.headrace.protocol.v1.FlightStatus;
import io.headrace.protocol.v1.NodeStatus;
import io.headrace.protocol.v1.OriginStatus;
import io.headrace.protocol.v1.OriginUsage;
import io.headrace.protocol.v1.TierStatus;
import io.headrace.store.Quota;
import io.headrace.store.StoreUsage;
import io.headrace.store.StoreUsage.TierUsage;
import io.headrace.store.Tier;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the parts say of themselves, as one message. */
record StatusReport(MountPlan plan, Parts parts, FuseMount mount) {
    NodeStatus.Builder message() {
        NamespaceTotals totals = parts.catalog().totals();
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
        for (int i = 0; i < plan.origins().size(); i++) {
            MountId mount = parts.origins().get(i).mountId();
            MountStatus listed = parts.catalog().mounts().get(i).status();
            OriginStatus.Builder origin = origin(listed);
            standing(listed, parts.source().trouble(mount, Instant.now()))
                    .ifPresent(trouble -> origin.setFailure(trouble.message())
                            .setFailureUnixMillis(trouble.at().toEpochMilli()));
            addUse(origin, plan.origins().get(i).quota(), mount);
            status.addOrigins(origin);
        }
        usage.tiers().forEach((tier, figures) -> status.addTiers(tier(tier, figures)));
        return status;
    }

    /**
     * The newer of the catalog's trouble and the reads'. Each ends with a success of its own kind: a bucket that may be
     * read need not be one that may be listed. But an origin that did not answer a read, and has answered the catalog
     * since, is back.
     */
    static Optional<OriginTrouble> standing(MountStatus listed, Optional<OriginTrouble> reading) {
        Optional<OriginTrouble> stillReading = reading.filter(trouble -> !trouble.silent()
                || listed.answeredAt().filter(trouble.at()::isBefore).isEmpty());
        return Stream.of(listed.trouble(), stillReading)
                .flatMap(Optional::stream)
                .max(Comparator.comparing(OriginTrouble::at));
    }

    private long counted(String name, String tag, String value) {
        return parts.meters().find(name).tag(tag, value).counters().stream()
                .mapToLong(counter -> (long) counter.count())
                .sum();
    }

    private void addUse(OriginStatus.Builder origin, Quota quota, MountId mount) {
        origin.setQuotaBytes(quota.bytes() == Long.MAX_VALUE ? 0 : quota.bytes())
                .setQuotaFiles(quota.objects() == Long.MAX_VALUE ? 0 : quota.objects());
        parts.store()
                .usage(Set.of(mount))
                .forEach((tier, usage) -> origin.addUsage(OriginUsage.newBuilder()
                        .setTier(name(tier))
                        .setBytes(usage.bytes())
                        .setFiles(usage.objects())));
    }

    private static String name(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    private static OriginStatus.Builder origin(MountStatus mounted) {
        return OriginStatus.newBuilder()
                .setSubdirectory(mounted.subdirectory())
                .setUri(mounted.location().toString())
                .setListing(mounted.listedAt().isEmpty())
                .setListedUnixMillis(
                        mounted.listedAt().map(Instant::toEpochMilli).orElse(0L))
                .setUnreachableTotal(mounted.unreachable().count())
                .addAllUnreachableKeys(mounted.unreachable().named().stream()
                        .map(StatusReport::text)
                        .toList());
    }

    private static String text(UnreachableKey key) {
        return key.key() + ": " + key.reason();
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
