package io.headrace.cli.daemon;

import io.headrace.cli.settings.Settings;
import io.headrace.storage.UnderStoreOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * All that a mount is made from.
 *
 * @param successor the command that takes over when this process dies; empty when it is not known
 */
record MountPlan(
        List<OriginArgument> origins,
        UnderStoreOptions originOptions,
        Settings settings,
        Path mountPoint,
        boolean prefetch,
        List<String> successor) {
    /** The same, with a cache directory of the origins' own below the one in the settings. */
    MountPlan withOwnCache() {
        Path own = OwnCache.of(settings.store().directory(), source());
        return new MountPlan(
                origins,
                originOptions,
                settings.with("store.directory", own.toString()),
                mountPoint,
                prefetch,
                successor);
    }

    /** What {@code mount} and {@code df} show. */
    String source() {
        return origins.size() == 1
                ? origins.getFirst().uri().toString()
                : origins.stream()
                        .map(origin -> origin.uri() + "=" + origin.subdirectory())
                        .toList()
                        .toString();
    }
}
