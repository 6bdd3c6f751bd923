package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CopyOddsTest {
    private final CopyOdds odds = new CopyOdds();

    @Test
    void a_worker_is_asked_each_time_while_it_has_what_it_is_asked_for() {
        for (int i = 0; i < 100; i++) {
            assertThat(odds.isWorthAsking()).isTrue();
            odds.had();
        }
    }

    @Test
    void one_that_lacks_everything_is_asked_seldom_and_never_forgotten() {
        int asked = ask(3200, false);
        assertThat(asked).isBetween(3200 / CopyOdds.ONE_IN, 3200 / CopyOdds.ONE_IN + 10);
    }

    @Test
    void one_that_was_given_copies_is_soon_asked_each_time_again() {
        ask(1000, false);
        ask(4 * CopyOdds.ONE_IN, true);
        assertThat(ask(100, true)).isGreaterThan(95);
    }

    private int ask(int times, boolean has) {
        int asked = 0;
        for (int i = 0; i < times; i++) {
            if (odds.isWorthAsking()) {
                asked++;
                if (has) {
                    odds.had();
                } else {
                    odds.lacked();
                }
            }
        }
        return asked;
    }
}
