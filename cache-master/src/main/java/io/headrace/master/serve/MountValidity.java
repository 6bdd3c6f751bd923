package io.headrace.master.serve;

import io.headrace.master.catalog.CatalogMount;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.MountId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A tenth of the mount's staleness bound, at most 5 s; nothing where each open asks the origin. For what does not say its
 * mount, the least of all.
 */
record MountValidity(Supplier<List<CatalogMount>> mounts) implements AnswerValidity {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int PART_OF_STALENESS = 10;

    @Override
    public Duration of(Optional<Entry> entry) {
        Optional<MountId> mount = entry.filter(FileEntry.class::isInstance)
                .map(file -> ((FileEntry) file).version().mount());
        Duration least = LONGEST;
        for (CatalogMount each : mounts.get()) {
            boolean concerned = mount.isEmpty() || mount.get().equals(each.mountId());
            Duration validity = of(each.settings());
            least = concerned && validity.compareTo(least) < 0 ? validity : least;
        }
        return least;
    }

    private static Duration of(MountSettings settings) {
        return settings.revalidateOnOpen()
                ? Duration.ZERO
                : settings.staleness().dividedBy(PART_OF_STALENESS);
    }
}
