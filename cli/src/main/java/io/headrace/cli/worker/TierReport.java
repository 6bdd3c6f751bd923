package io.headrace.cli.worker;

import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.TierUsage.DataSetFill;
import io.headrace.store.BlockStore;
import io.headrace.store.DataSetUsage;
import io.headrace.store.Tier;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a worker tells its master of its tiers.
 *
 * @param mounts the data sets that it knows
 */
record TierReport(BlockStore store, Supplier<Set<MountId>> mounts) implements Supplier<List<TierUsage>> {
    @Override
    public List<TierUsage> get() {
        return store.usage().tiers().entrySet().stream()
                .map(tier -> new TierUsage(
                        tier.getKey().name().toLowerCase(Locale.ROOT),
                        tier.getValue().capacityBytes(),
                        tier.getValue().usedBytes(),
                        dataSets(tier.getKey())))
                .toList();
    }

    private List<DataSetFill> dataSets(Tier tier) {
        return mounts.get().stream()
                .sorted((a, b) -> a.value().compareTo(b.value()))
                .limit(TierUsage.MOST_DATA_SETS)
                .flatMap(mount -> fill(mount, tier))
                .toList();
    }

    private Stream<DataSetFill> fill(MountId mount, Tier tier) {
        return Optional.ofNullable(store.usage(Set.of(mount)).get(tier))
                .filter(usage -> usage.bytes() > 0 || usage.objects() > 0)
                .map((DataSetUsage usage) -> new DataSetFill(mount, usage.bytes(), usage.objects()))
                .stream();
    }
}
