package io.headrace.protocol.cluster;

import java.util.Optional;

/** Where a process stands, from near to far. Replicas of a block go to different zones and hosts while there are such. */
public record Topology(String host, Optional<String> zone, Optional<String> region) {
    public Topology {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a topology names its host");
        }
    }
}
