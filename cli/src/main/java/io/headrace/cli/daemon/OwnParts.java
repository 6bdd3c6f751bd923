package io.headrace.cli.daemon;

import io.headrace.cli.caches.OwnCaches;
import io.headrace.fuse.FuseMount;
import io.headrace.master.catalog.Catalog;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.v1.OriginStatus;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStores;
import io.headrace.store.BlockStore;
import io.headrace.store.Quota;
import io.headrace.store.TieredBlockStore;
import io.headrace.worker.OriginSource;
import io.headrace.worker.OriginSource.OriginAccess;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Of a mount that is all in one process: its own catalog, store and origins. */
record OwnParts(
        MountPlan plan,
        List<UnderStore> origins,
        OriginSource source,
        BlockStore store,
        Catalog catalog,
        MeterRegistry meters)
        implements NodeParts {

    static OwnParts open(MountPlan plan, FaultPoints faults, MeterRegistry meters) throws IOException {
        List<UnderStore> origins = new ArrayList<>();
        @Nullable OriginSource source = null;
        @Nullable BlockStore store = null;
        try {
            for (OriginArgument origin : plan.origins()) {
                origins.add(UnderStores.open(origin.uri(), plan.originOptions()));
            }
            source = new OriginSource(
                    origins.stream()
                            .map(origin ->
                                    new OriginAccess(origin, plan.settings().origin()))
                            .toList(),
                    meters);
            store = TieredBlockStore.open(plan.storeSettings(), faults, meters, System::nanoTime);
            OwnCaches.used(plan.settings().store().directory(), plan.source());
            limit(store, plan, origins);
            return new OwnParts(
                    plan, List.copyOf(origins), source, store, openCatalog(plan, origins, meters, faults), meters);
        } catch (IOException | RuntimeException failure) {
            closeAll(store, source, origins);
            throw failure;
        }
    }

    private static void limit(BlockStore store, MountPlan plan, List<UnderStore> origins) throws IOException {
        for (int i = 0; i < origins.size(); i++) {
            Quota quota = plan.origins().get(i).quota();
            if (!quota.equals(Quota.NONE)) {
                store.limit(Set.of(origins.get(i).mountId()), quota);
            }
        }
    }

    private static Catalog openCatalog(
            MountPlan plan, List<UnderStore> origins, MeterRegistry meters, FaultPoints faults) throws IOException {
        Catalog catalog =
                Catalog.open(catalogDirectory(plan), plan.settings().catalog(), Clock.systemUTC(), meters, faults);
        try {
            for (int i = 0; i < origins.size(); i++) {
                catalog.mount(
                        plan.origins().get(i).subdirectory(),
                        origins.get(i),
                        plan.settings().mount());
            }
            for (int i = 0; i < origins.size(); i++) {
                if (!FuseMount.isSuccessor()
                        && catalog.mounts().get(i).status().listedAt().isEmpty()) {
                    askOnce(origins.get(i));
                }
            }
            return catalog;
        } catch (IOException | RuntimeException failure) {
            catalog.close();
            throw failure;
        }
    }

    /**
     * Fails where the first listing would fail: a mount that shows nothing helps nobody. An origin that was listed
     * before may be away; what is cached of it can be read meanwhile.
     */
    private static void askOnce(UnderStore origin) throws IOException {
        ListingPage _ = origin.list(ListingRequest.children(ObjectKey.of("")));
    }

    /** One for each set of origins: another set in the same cache directory has other names, and shares the blocks. */
    private static Path catalogDirectory(MountPlan plan) {
        String name = UUID.nameUUIDFromBytes(plan.source().getBytes(StandardCharsets.UTF_8))
                .toString();
        return plan.settings().store().directory().resolve("catalogs").resolve(name);
    }

    @Override
    public Namespace namespace() {
        return catalog;
    }

    @Override
    public List<OriginStatus> originStatus() {
        return new OriginReport(this).messages();
    }

    @Override
    public void close() throws IOException {
        catalog.close();
        closeAll(store, source, origins);
    }

    private static void closeAll(@Nullable BlockStore store, @Nullable OriginSource source, List<UnderStore> origins)
            throws IOException {
        if (store != null) {
            store.close();
        }
        if (source != null) {
            source.close();
        }
        origins.forEach(UnderStore::close);
    }
}
