package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private final AtomicLong now = new AtomicLong();
    private final Breaker breaker = Breaker.ofFailures(now::get);

    @Test
    void two_failures_keep_nobody_away() {
        fail(2);
        assertThat(breaker.mayAsk()).isTrue();
    }

    @Test
    void an_answer_between_failures_begins_the_row_anew() {
        fail(2);
        breaker.answered();
        fail(2);
        assertThat(breaker.mayAsk()).isTrue();
    }

    @Test
    void three_failures_keep_all_away_for_half_a_second_and_then_one_probes() {
        fail(3);
        assertThat(breaker.mayAsk()).isFalse();
        pass(499);
        assertThat(breaker.mayAsk()).isFalse();
        pass(1);
        assertThat(breaker.mayAsk()).isTrue();
        assertThat(breaker.mayAsk()).isFalse();
    }

    @Test
    void a_probe_that_is_answered_lets_all_ask() {
        fail(3);
        pass(500);
        assertThat(breaker.mayAsk()).isTrue();
        breaker.answered();
        assertThat(breaker.mayAsk()).isTrue();
        assertThat(breaker.mayAsk()).isTrue();
    }

    @Test
    void probes_that_fail_come_at_doubling_distances_up_to_sixteen_seconds() {
        fail(3);
        pass(500);
        for (long pause : new long[] {1000, 2000, 4000, 8000, 16_000, 16_000}) {
            assertThat(breaker.mayAsk()).isTrue();
            breaker.failed();
            pass(pause - 1);
            assertThat(breaker.mayAsk()).isFalse();
            pass(1);
        }
    }

    @Test
    void a_probe_whose_outcome_is_never_told_does_not_keep_all_away_for_ever() {
        fail(3);
        pass(500);
        assertThat(breaker.mayAsk()).isTrue();
        pass(500);
        assertThat(breaker.mayAsk()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed();
        }
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
