package io.headrace.cli.daemon;

import io.headrace.cli.caches.OwnCaches;
import io.headrace.cli.settings.Settings;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.store.StoreSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that a mount is made from.
 *
 * @param master of the cluster that names and bytes come from; empty when this process has all itself
 * @param successor the command that takes over when this process dies; empty when it is not known
 */
record MountPlan(
        Optional<MasterEndpoints> master,
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
                master,
                origins,
                originOptions,
                settings.with("store.directory", own.toString()),
                mountPoint,
                prefetch,
                successor);
    }

    StoreSettings storeSettings() {
        return OwnCaches.placed(settings.store());
    }

    /** What {@code mount} and {@code df} show. */
    String source() {
        if (master.isPresent()) {
            return "headrace://" + master.get() + "/" + origins.getFirst().uri();
        }
        return origins.size() == 1
                ? origins.getFirst().uri().toString()
                : origins.stream()
                        .map(origin -> origin.uri() + "=" + origin.subdirectory())
                        .toList()
                        .toString();
    }
}
