package io.headrace.store.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class S3FifoTest {
    private static final long SEED = 42;

    @Test
    void keeps_popular_models_where_least_recently_used_keeps_none() {
        int[] trace = Traces.modelLoads(new Random(SEED));
        assertThat(EvictionSimulation.s3Fifo(trace, 1500))
                .as("seed %d", SEED)
                .isGreaterThan(EvictionSimulation.lru(trace, 1500));
    }

    @Test
    void beats_least_recently_used_on_shuffled_epochs_and_zipf() {
        int[] mixed = Traces.mixed(new Random(SEED));
        assertThat(EvictionSimulation.s3Fifo(mixed, 3000))
                .as("seed %d", SEED)
                .isGreaterThan(EvictionSimulation.lru(mixed, 3000));
    }
}
