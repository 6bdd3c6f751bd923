package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private final Pace pace = new Pace();

    @Test
    void of_few_answers_nothing_is_said() {
        answers(Pace.ENOUGH - 1, 1);
        assertThat(pace.usualMost()).isEmpty();
        answers(1, 1);
        assertThat(pace.usualMost()).isPresent();
    }

    @Property(tries = 200)
    void it_is_the_95th_of_100_to_a_half_octave(@ForAll long seed, @ForAll @IntRange(min = 20, max = 500) int count) {
        Random random = new Random(seed);
        Pace fresh = new Pace();
        long[] nanos = random.longs(count, 100_000, 1L << 35).toArray();
        for (long one : nanos) {
            fresh.took(one);
        }
        Arrays.sort(nanos);
        long exact = nanos[count - 1 - count / 20];
        assertThat(fresh.usualMost().orElseThrow()).isBetween(exact, exact + exact / 2 + 1);
    }

    @Test
    void what_is_long_ago_is_forgotten() {
        answers(400, 1000);
        answers(2000, 1);
        assertThat(pace.usualMost().orElseThrow()).isLessThan(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void the_shortest_and_the_longest_have_a_place() {
        for (int i = 0; i < Pace.ENOUGH; i++) {
            pace.took(i % 2 == 0 ? 0 : Long.MAX_VALUE);
        }
        assertThat(pace.usualMost()).isPresent();
    }

    private void answers(int count, long millis) {
        for (int i = 0; i < count; i++) {
            pace.took(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
