package io.headrace.cli.daemon;

import io.headrace.master.catalog.MountStatus;
import io.headrace.master.catalog.UnreachableKey;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginTrouble;
import io.headrace.protocol.v1.OriginStatus;
import io.headrace.protocol.v1.OriginUsage;
import io.headrace.store.Quota;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How the origins of a mount with a catalog of its own are. */
record OriginReport(OwnParts parts) {
    List<OriginStatus> messages() {
        List<OriginStatus> messages = new ArrayList<>();
        for (int i = 0; i < parts.origins().size(); i++) {
            MountId mount = parts.origins().get(i).mountId();
            MountStatus listed = parts.catalog().mounts().get(i).status();
            OriginStatus.Builder origin = origin(listed);
            standing(listed, parts.source().trouble(mount, Instant.now()))
                    .ifPresent(trouble -> origin.setFailure(trouble.message())
                            .setFailureUnixMillis(trouble.at().toEpochMilli()));
            addUse(origin, parts.plan().origins().get(i).quota(), mount);
            messages.add(origin.build());
        }
        return messages;
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

    private void addUse(OriginStatus.Builder origin, Quota quota, MountId mount) {
        origin.setQuotaBytes(quota.bytes() == Long.MAX_VALUE ? 0 : quota.bytes())
                .setQuotaFiles(quota.objects() == Long.MAX_VALUE ? 0 : quota.objects());
        parts.store()
                .usage(Set.of(mount))
                .forEach((tier, usage) -> origin.addUsage(OriginUsage.newBuilder()
                        .setTier(tier.name().toLowerCase(Locale.ROOT))
                        .setBytes(usage.bytes())
                        .setFiles(usage.objects())));
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
                        .map(OriginReport::text)
                        .toList());
    }

    private static String text(UnreachableKey key) {
        return key.key() + ": " + key.reason();
    }
}
