package io.headrace.cli.worker;

import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.TierUsage;
import io.headrace.protocol.cluster.TierUsage.DataSetFill;
import io.headrace.store.BlockStore;
import io.headrace.store.DataSetUsage;
import io.headrace.store.Tier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a worker tells its master of its tiers.
 *
 * @param mounts the data sets that it knows
 */
record TierReport(BlockStore store, Supplier<Set<MountId>> mounts) implements Supplier<List<TierUsage>> {
    @Override
    public List<TierUsage> get() {
        Map<MountId, Map<Tier, DataSetUsage>> kept = new TreeMap<>(Comparator.comparing(MountId::value));
        mounts.get().stream()
                .limit(TierUsage.MOST_DATA_SETS)
                .forEach(mount -> kept.put(mount, store.usage(Set.of(mount))));
        return store.usage().tiers().entrySet().stream()
                .map(tier -> new TierUsage(
                        tier.getKey().name().toLowerCase(Locale.ROOT),
                        tier.getValue().capacityBytes(),
                        tier.getValue().usedBytes(),
                        fills(tier.getKey(), kept)))
                .toList();
    }

    private static List<DataSetFill> fills(Tier tier, Map<MountId, Map<Tier, DataSetUsage>> kept) {
        List<DataSetFill> fills = new ArrayList<>();
        kept.forEach((mount, usage) -> Optional.ofNullable(usage.get(tier))
                .filter(some -> some.bytes() > 0 || some.objects() > 0)
                .ifPresent(some -> fills.add(new DataSetFill(mount, some.bytes(), some.objects()))));
        return fills;
    }
}
