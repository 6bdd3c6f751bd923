package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LoadTallyTest {
    private final VirtualClock clock = VirtualClock.standingStill();
    private final LoadTally tally = new LoadTally(clock);

    @Test
    void the_rate_is_that_of_the_last_ten_seconds() {
        for (int tenth = 0; tenth < 300; tenth++) {
            clock.advance(Duration.ofMillis(100));
            tally.advanced(tenth < 150 ? 100 : 1000, 0);
        }
        assertThat(tally.progress().bytesPerSecond()).isCloseTo(10_000, Percentage.withPercentage(2));
        clock.advance(Duration.ofSeconds(60));
        assertThat(tally.progress().bytesPerSecond()).isZero();
    }

    @Test
    void the_time_left_is_told_once_the_total_is_known() {
        tally.counted(100_000);
        clock.advance(Duration.ofSeconds(5));
        tally.advanced(20_000, 30_000);
        assertThat(tally.progress().remaining()).isEmpty();
        tally.countingEnded();
        assertThat(tally.progress().remaining().orElseThrow().toMillis()).isCloseTo(12_500, within(10L));
    }

    @Test
    void lists_the_first_failures_and_counts_all() {
        for (int i = 0; i < 5000; i++) {
            tally.failed("f" + i, "down");
        }
        assertThat(tally.progress().filesFailed()).isEqualTo(5000);
        assertThat(tally.progress().failures()).hasSize(LoadProgress.MOST_FAILURES_LISTED);
    }
}
