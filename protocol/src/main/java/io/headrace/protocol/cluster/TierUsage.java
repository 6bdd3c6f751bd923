package io.headrace.protocol.cluster;

import io.headrace.protocol.MountId;
import java.util.List;

/**
 * How full a tier of a worker is.
 *
 * @param dataSets what it keeps of each data set that it knows; at most {@link #MOST_DATA_SETS}
 */
public record TierUsage(String tier, long capacityBytes, long usedBytes, List<DataSetFill> dataSets) {
    /** Most tiers that a worker tells of. */
    public static final int MOST_TIERS = 8;

    /** Most data sets that it tells of, for each tier. */
    public static final int MOST_DATA_SETS = 256;

    private static final int LONGEST_NAME = 64;

    /** What a tier keeps of one data set. */
    public record DataSetFill(MountId mount, long bytes, long objects) {
        public DataSetFill {
            if (bytes < 0 || objects < 0) {
                throw new IllegalArgumentException(
                        "a tier keeps no " + bytes + " bytes and " + objects + " objects of " + mount);
            }
        }
    }

    public TierUsage {
        dataSets = List.copyOf(dataSets);
        if (tier.isBlank() || tier.length() > LONGEST_NAME || capacityBytes < 0 || usedBytes < 0) {
            throw new IllegalArgumentException(
                    "not a tier: \"" + tier + "\" with " + usedBytes + " of " + capacityBytes + " bytes");
        }
        if (dataSets.size() > MOST_DATA_SETS) {
            throw new IllegalArgumentException(
                    "a tier tells of " + MOST_DATA_SETS + " data sets at most, and not of " + dataSets.size());
        }
    }

    /** Of no data set. */
    public TierUsage(String tier, long capacityBytes, long usedBytes) {
        this(tier, capacityBytes, usedBytes, List.of());
    }
}
