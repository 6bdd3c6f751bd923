package io.headrace.store.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.MountId;
import org.junit.jupiter.api.Test;

final class TierSpaceTest {
    private static final MountId MOUNT = new MountId("0123456789abcdef");

    @Test
    void a_share_of_a_disk_is_the_same_when_a_part_of_it_is_kept_already() {
        TierSpace fresh = new TierSpace(800, 0.8, () -> 1000, new S3Fifo());
        TierSpace reopened = new TierSpace(80, 0.8, () -> 100, new S3Fifo());
        for (int i = 0; i < 9; i++) {
            reopened.restore(MOUNT, 100);
        }
        assertThat(reopened.capacityBytes()).isEqualTo(fresh.capacityBytes());
        assertThat(fresh.reserve(MOUNT, 700)).isTrue();
        assertThat(reopened.reserve(MOUNT, 1)).as("full, and nothing to evict").isFalse();
        reopened.release(MOUNT, 200);
        assertThat(reopened.reserve(MOUNT, 100)).isTrue();
    }

    @Test
    void a_capacity_that_was_given_does_not_grow() {
        TierSpace space = new TierSpace(800, () -> 1000, new S3Fifo());
        space.restore(MOUNT, 500);
        assertThat(space.capacityBytes()).isEqualTo(800);
    }
}
