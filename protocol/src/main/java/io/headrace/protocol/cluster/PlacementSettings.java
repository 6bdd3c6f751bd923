package io.headrace.protocol.cluster;

import io.headrace.protocol.Setting;

/** How blocks are placed. The same in all processes of a cluster, or they look for blocks where they are not. */
public record PlacementSettings(
        @Setting(value = "How many workers may be asked for a block: its owner and the replicas.", defaultValue = "2")
        int replicas) {
    public PlacementSettings {
        if (replicas < 1 || replicas > 16) {
            throw new IllegalArgumentException("placement.replicas is 1 to 16, and not " + replicas);
        }
    }

    public static PlacementSettings defaults() {
        return new PlacementSettings(2);
    }
}
