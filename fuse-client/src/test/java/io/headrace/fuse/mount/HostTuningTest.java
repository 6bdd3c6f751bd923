package io.headrace.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostTuningTest {
    @Test
    void half_of_the_descriptors_may_be_lent_where_that_leaves_enough_to_fetch_with() {
        assertThat(HostTuning.budgetOf(1024, 140)).isEqualTo(512);
        assertThat(HostTuning.budgetOf(1 << 20, 140)).isEqualTo(1 << 16);
        assertThat(HostTuning.budgetOf(256, 140)).isEqualTo(52);
        assertThat(HostTuning.budgetOf(150, 140)).isZero();
    }
}
