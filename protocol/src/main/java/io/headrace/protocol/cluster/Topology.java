package io.headrace.protocol.cluster;

import java.util.Optional;

/** Where a process stands, from near to far. Replicas of a block go to different zones and hosts while there are such. */
public record Topology(String host, Optional<String> zone, Optional<String> region) {
    public Topology {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a topology names its host");
        }
    }

    /** A zone counts within its region. Who names no zone or region shares none with anybody. */
    public Distance distanceTo(Topology other) {
        if (host.equals(other.host)) {
            return Distance.SAME_HOST;
        }
        boolean sameRegion = region.equals(other.region);
        if (zone.isPresent() && zone.equals(other.zone) && sameRegion) {
            return Distance.SAME_ZONE;
        }
        return region.isPresent() && sameRegion ? Distance.SAME_REGION : Distance.FAR;
    }
}
