package io.headrace.store;

import java.util.Map;

/** A moment's figures of a store. */
public record StoreUsage(Map<Tier, TierUsage> tiers, FlightUsage flights) {
    public StoreUsage {
        tiers = Map.copyOf(tiers);
    }

    /** @param handedOutBytes in files that are handed out, unlinked ones with living holders included */
    public record TierUsage(
            long capacityBytes, long usedBytes, long pinnedBytes, long handedOutBytes, long files, long evictedBytes) {}

    /** @param budgetBytes the most that flights may hold at once */
    public record FlightUsage(int running, int waiting, long bufferedBytes, long budgetBytes) {}
}
