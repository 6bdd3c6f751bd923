package io.headrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    @Test
    void the_bound_doubles_until_its_greatest() {
        assertThat(longest(1)).isEqualTo(100);
        assertThat(longest(2)).isEqualTo(200);
        assertThat(longest(6)).isEqualTo(3200);
        assertThat(longest(7)).isEqualTo(5000);
        assertThat(longest(Integer.MAX_VALUE)).isEqualTo(5000);
    }

    @Test
    void pauses_differ() {
        Random random = new Random(1);
        assertThat(IntStream.range(0, 20)
                        .mapToObj(i -> backoff.pause(3, random))
                        .distinct())
                .hasSizeGreaterThan(10);
    }

    private long longest(int failures) {
        Random random = new Random(7);
        return IntStream.range(0, 100_000)
                .mapToLong(i -> backoff.pause(failures, random).toMillis())
                .max()
                .orElseThrow();
    }
}
