package io.headrace.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TopologyTest {
    private static final Topology HERE = new Topology("h1", Optional.of("a"), Optional.of("north"));

    @Test
    void the_same_host_is_nearest_whatever_it_calls_its_zone() {
        assertThat(HERE.distanceTo(new Topology("h1", Optional.empty(), Optional.empty())))
                .isEqualTo(Distance.SAME_HOST);
    }

    @Test
    void a_zone_counts_within_its_region() {
        assertThat(HERE.distanceTo(new Topology("h2", Optional.of("a"), Optional.of("north"))))
                .isEqualTo(Distance.SAME_ZONE);
        assertThat(HERE.distanceTo(new Topology("h2", Optional.of("a"), Optional.of("south"))))
                .isEqualTo(Distance.FAR);
    }

    @Test
    void another_zone_of_the_region_is_nearer_than_another_region() {
        assertThat(HERE.distanceTo(new Topology("h2", Optional.of("b"), Optional.of("north"))))
                .isEqualTo(Distance.SAME_REGION);
        assertThat(HERE.distanceTo(new Topology("h2", Optional.of("b"), Optional.of("south"))))
                .isEqualTo(Distance.FAR);
    }

    @Test
    void who_names_neither_zone_nor_region_shares_none() {
        Topology nameless = new Topology("h1", Optional.empty(), Optional.empty());
        assertThat(nameless.distanceTo(new Topology("h2", Optional.empty(), Optional.empty())))
                .isEqualTo(Distance.FAR);
    }
}
