package io.headrace.client.block;

import io.headrace.protocol.cluster.Distance;

/** What a client makes of nearness. */
public enum Affinity {
    /** Nothing: the owner first, then its replicas. */
    NONE,
    /** A near worker is asked first for what it keeps; who fetches what nobody keeps stays the owner. */
    PREFER,
    /** Only workers of the client's region are asked. */
    REQUIRE_REGION,
    /** Only workers of the client's zone. */
    REQUIRE_ZONE,
    /** Only workers on the client's host. */
    REQUIRE_HOST;

    boolean permits(Distance distance) {
        return distance.compareTo(farthest()) <= 0;
    }

    boolean isStrong() {
        return farthest() != Distance.FAR;
    }

    private Distance farthest() {
        return switch (this) {
            case NONE, PREFER -> Distance.FAR;
            case REQUIRE_REGION -> Distance.SAME_REGION;
            case REQUIRE_ZONE -> Distance.SAME_ZONE;
            case REQUIRE_HOST -> Distance.SAME_HOST;
        };
    }
}
