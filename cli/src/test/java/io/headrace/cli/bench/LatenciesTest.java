package io.headrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 8, 9, 15, 16, 1000, 123_456, 4_000_000_000L, 1L << 61})
    void one_duration_is_every_quantile_to_a_sixteenth(long nanos) {
        Latencies latencies = new Latencies();
        latencies.add(nanos);
        assertThat(latencies.quantileNanos(0.5)).isCloseTo(nanos, within(Math.max(1, nanos / 16)));
        assertThat(latencies.quantileNanos(0.99)).isEqualTo(latencies.quantileNanos(0.5));
    }

    @Test
    void quantiles_follow_the_counts_of_all_threads() {
        Latencies all = new Latencies();
        for (int thread = 0; thread < 2; thread++) {
            Latencies one = new Latencies();
            for (int i = 1; i <= 1000; i++) {
                one.add(i * 1000L);
            }
            all.addAll(one);
        }
        assertThat(all.count()).isEqualTo(2000);
        assertThat(all.quantileNanos(0.5)).isCloseTo(500_000, within(35_000L));
        assertThat(all.quantileNanos(0.99)).isCloseTo(990_000, within(65_000L));
    }

    @Test
    void without_durations_there_is_no_quantile() {
        assertThat(new Latencies().quantileNanos(0.5)).isZero();
    }
}
