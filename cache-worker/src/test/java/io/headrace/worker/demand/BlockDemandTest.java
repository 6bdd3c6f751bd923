package io.headrace.worker.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.cluster.PlacementKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BlockDemandTest {
    private static final int MIB = 1 << 20;
    private static final PlacementKey FILE = new PlacementKey(42);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BlockDemand demand =
            new BlockDemand(new HotBlockSettings(ByteSize.ofMebibytes(64), 8), meters, now::get);

    @Test
    void a_block_that_few_read_has_no_more_owners() {
        assertThat(giveForSeconds(120, 60)).isZero();
    }

    @Test
    void demand_that_stays_doubles_the_owners_up_to_the_most() {
        assertThat(giveForSeconds(120, 4096)).isEqualTo(3);
    }

    @Test
    void owners_are_doubled_until_each_has_little_enough() {
        int spread = 0;
        for (int second = 0; second < 120; second++) {
            spread = giveForSeconds(1, 200 >> spread);
        }
        assertThat(spread).isEqualTo(2);
    }

    @Test
    void they_are_not_doubled_again_before_readers_can_have_heard() {
        assertThat(demand.given(FILE, 0, 2047 * MIB)).isEqualTo(1);
        assertThat(demand.given(FILE, 0, 2047 * MIB)).isEqualTo(1);
        pass(BlockDemand.STEP_MILLIS);
        assertThat(demand.given(FILE, 0, MIB)).isEqualTo(2);
    }

    @Test
    void owners_are_halved_when_demand_falls_and_gone_when_it_ends() {
        int spread = giveForSeconds(60, 4096);
        assertThat(spread).isEqualTo(3);
        for (int second = 0; second < 120; second++) {
            spread = giveForSeconds(1, 100 >> spread);
        }
        assertThat(spread).isEqualTo(2);
        pass(TimeUnit.MINUTES.toMillis(2));
        assertThat(meters.get("headrace.serve.hot.blocks").gauge().value()).isZero();
        assertThat(demand.given(FILE, 0, MIB)).isZero();
    }

    @Test
    void hot_blocks_are_counted_each_by_itself() {
        demand.given(FILE, 0, 1024 * MIB);
        demand.given(FILE, 1, MIB);
        demand.given(new PlacementKey(43), 0, 1024 * MIB);
        assertThat(meters.get("headrace.serve.hot.blocks").gauge().value()).isEqualTo(2);
    }

    @Test
    void the_blocks_that_are_counted_are_bounded_and_a_hot_one_stays_among_them() {
        int spread = 0;
        for (int block = 1; block <= 10 * BlockDemand.MOST_BLOCKS; block++) {
            demand.given(FILE, block, MIB);
            if (block % 100 == 0) {
                spread = demand.given(FILE, 0, 64 * MIB);
            }
        }
        assertThat(spread).isEqualTo(1);
        assertThat(demand.given(FILE, 1, MIB)).isZero();
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new HotBlockSettings(ByteSize.ofMebibytes(64), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hot.most-owners");
        assertThat(new HotBlockSettings(ByteSize.ofMebibytes(64), 1).mostSpread())
                .isZero();
    }

    private int giveForSeconds(int seconds, int mebibytesEach) {
        int spread = 0;
        for (int tick = 0; tick < 10 * seconds; tick++) {
            pass(100);
            spread = demand.given(FILE, 0, (int) ((long) mebibytesEach * MIB / 10));
        }
        return spread;
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
