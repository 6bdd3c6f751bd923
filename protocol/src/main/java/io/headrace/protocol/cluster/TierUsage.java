package io.headrace.protocol.cluster;

/** How full a tier of a worker is. */
public record TierUsage(String tier, long capacityBytes, long usedBytes) {
    /** Most tiers that a worker tells of. */
    public static final int MOST_TIERS = 8;

    private static final int LONGEST_NAME = 64;

    public TierUsage {
        if (tier.isBlank() || tier.length() > LONGEST_NAME || capacityBytes < 0 || usedBytes < 0) {
            throw new IllegalArgumentException(
                    "not a tier: \"" + tier + "\" with " + usedBytes + " of " + capacityBytes + " bytes");
        }
    }
}
