package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.OriginSimulation.Shard;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While bytes of a model that is being loaded are missing, the origin has something to do. */
class OriginIdleTest {
    private static final int MIB = 1 << 20;

    private final Random random = new Random(17);

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void the_origin_is_never_idle_under_a_loader_in_file_order(int readerWakesEach) {
        OriginSimulation simulation = new OriginSimulation(shards(this::inOrder), readerWakesEach, 0).run();
        assertThat(simulation.idleTicks())
                .as("idle of %d ticks", simulation.ticks())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void the_origin_is_hardly_ever_idle_under_a_loader_of_tensors_in_any_order(int readerWakesEach) {
        OriginSimulation simulation = new OriginSimulation(shards(this::shuffled), readerWakesEach, 0).run();
        assertThat(simulation.idleTicks())
                .as("idle of %d ticks", simulation.ticks())
                .isLessThan(simulation.ticks() / 200);
    }

    @Test
    void a_reader_that_is_kept_waiting_by_a_busy_machine_costs_the_origin_little() {
        for (Function<SafetensorsFile, Shard> reader :
                List.<Function<SafetensorsFile, Shard>>of(this::inOrder, this::shuffled)) {
            OriginSimulation simulation = new OriginSimulation(shards(reader), 10, 0).run();
            assertThat(simulation.idleTicks())
                    .as("idle of %d ticks", simulation.ticks())
                    .isLessThan(simulation.ticks() / 25);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 100})
    void the_origin_fetches_the_next_shard_while_its_reader_does_something_else(int ticksBetweenShards) {
        OriginSimulation simulation = new OriginSimulation(shards(this::inOrder), 4, ticksBetweenShards).run();
        assertThat(simulation.idleTicks())
                .as("idle of %d ticks", simulation.ticks())
                .isZero();
    }

    private List<Shard> shards(Function<SafetensorsFile, Shard> reader) {
        return Stream.generate(() -> SafetensorsFile.of(60, random))
                .limit(3)
                .map(reader)
                .toList();
    }

    private Shard inOrder(SafetensorsFile file) {
        return new Shard(file, Traces.sequential(0, file.lengthBytes(), MIB));
    }

    private Shard shuffled(SafetensorsFile file) {
        return new Shard(file, file.mmapFaults(MIB, random));
    }
}
