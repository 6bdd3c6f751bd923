package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ShareBudgetTest {
    private final AtomicLong now = new AtomicLong(-5);

    @Test
    void some_are_permitted_at_once_and_then_a_share_of_what_is_done() {
        ShareBudget budget = new ShareBudget(new ShareBudget.Terms(0.05, 0, 10), now::get);
        assertThat(spend(budget, 100)).isEqualTo(10);
        for (int i = 0; i < 100; i++) {
            budget.earn();
        }
        assertThat(spend(budget, 100)).isBetween(4, 5);
    }

    @Test
    void no_more_is_saved_up_than_is_permitted_at_once() {
        ShareBudget budget = new ShareBudget(new ShareBudget.Terms(1, 1, 3), now::get);
        for (int i = 0; i < 100; i++) {
            budget.earn();
        }
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(spend(budget, 100)).isEqualTo(3);
    }

    @Test
    void some_are_permitted_each_second_whatever_is_done() {
        ShareBudget budget = new ShareBudget(new ShareBudget.Terms(0, 10, 5), now::get);
        assertThat(spend(budget, 100)).isEqualTo(5);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(spend(budget, 100)).isBetween(2, 3);
    }

    private static int spend(ShareBudget budget, int times) {
        int spent = 0;
        for (int i = 0; i < times; i++) {
            spent += budget.spend() ? 1 : 0;
        }
        return spent;
    }
}
