package io.headrace.master.pins;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.v1.JobStatus.State;
import io.headrace.protocol.v1.Pin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Sweeps by a clock that the test moves, over loads that end when the test says so. */
final class HealingTest {
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration RECHECK = Duration.ofMinutes(10);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> started = new ArrayList<>();
    private final Map<Long, State> states = new HashMap<>();
    private boolean busy;
    private final Healing.Loads loads = new Healing.Loads() {
        @Override
        public Optional<Long> start(List<String> paths, int replicas, long round) {
            if (busy) {
                return Optional.empty();
            }
            started.add(replicas + " of " + paths + " in " + round);
            states.put((long) started.size(), State.STATE_RUNNING);
            return Optional.of((long) started.size());
        }

        @Override
        public Optional<State> state(long load) {
            return Optional.ofNullable(states.get(load));
        }
    };
    private final Healing healing = new Healing(loads, new PinSettings(SETTLE, RECHECK), now::get);

    @Test
    void a_sweep_loads_what_has_as_many_copies_together_one_after_the_other() throws IOException {
        healing.begin(7, List.of(pin("a", 2), pin("b", 1), pin("c", 2)));
        assertThat(healing.advance()).isEmpty();
        assertThat(healing.advance()).isEmpty();
        assertThat(started).containsExactly("1 of [b] in 7");
        states.put(1L, State.STATE_COMPLETE);
        assertThat(healing.advance()).isEmpty();
        assertThat(started).containsExactly("1 of [b] in 7", "2 of [a, c] in 7");
        states.put(2L, State.STATE_COMPLETE);
        assertThat(healing.advance()).contains(7L);
        assertThat(healing.isHealed()).isTrue();
        assertThat(healing.isRunning()).isFalse();
        assertThat(healing.lastJob()).isEqualTo(2);
    }

    @Test
    void it_begins_some_time_after_the_first_of_several_changes() {
        pass(SETTLE.minusMillis(1));
        healing.want(SETTLE);
        healing.want(RECHECK);
        assertThat(healing.isDue()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(healing.isDue()).isTrue();
    }

    @Test
    void it_begins_again_when_it_is_time_for_a_look() throws IOException {
        sweep(7, State.STATE_COMPLETE);
        pass(RECHECK.minusMillis(1));
        assertThat(healing.isDue()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(healing.isDue()).isTrue();
        assertThat(healing.isHealed()).isTrue();
    }

    @Test
    void a_change_while_it_runs_makes_another() throws IOException {
        healing.begin(7, List.of(pin("a", 1)));
        assertThat(healing.advance()).isEmpty();
        healing.want(SETTLE);
        states.put(1L, State.STATE_COMPLETE);
        assertThat(healing.advance()).contains(7L);
        assertThat(healing.isHealed()).isFalse();
        pass(SETTLE);
        assertThat(healing.isDue()).isTrue();
    }

    @Test
    void one_that_fails_is_named_and_begins_anew_later_and_later() throws IOException {
        sweep(1, State.STATE_INCOMPLETE);
        assertThat(healing.isHealed()).isFalse();
        assertThat(healing.trouble()).contains("job 1", "headrace jobs show 1");
        assertDueAfter(Duration.ofMinutes(1));
        sweep(2, State.STATE_CANCELLED);
        assertDueAfter(Duration.ofMinutes(2));
        for (int round = 3; round < 20; round++) {
            sweep(round, State.STATE_INCOMPLETE);
        }
        assertDueAfter(RECHECK);
        sweep(20, State.STATE_COMPLETE);
        assertThat(healing.trouble()).isEmpty();
        sweep(21, State.STATE_INCOMPLETE);
        assertDueAfter(Duration.ofMinutes(1));
    }

    @Test
    void a_load_that_is_forgotten_counts_as_failed() throws IOException {
        healing.begin(7, List.of(pin("a", 1)));
        assertThat(healing.advance()).isEmpty();
        states.clear();
        assertThat(healing.advance()).isEmpty();
        assertThat(healing.isRunning()).isFalse();
        assertThat(healing.isHealed()).isFalse();
    }

    @Test
    void while_as_many_jobs_run_as_may_it_waits_and_says_so() throws IOException {
        busy = true;
        healing.begin(7, List.of(pin("a", 1)));
        assertThat(healing.advance()).isEmpty();
        assertThat(healing.trouble()).contains("as many jobs run as may");
        busy = false;
        assertThat(healing.advance()).isEmpty();
        assertThat(started).hasSize(1);
        assertThat(healing.trouble()).isEmpty();
    }

    @Test
    void with_nothing_pinned_it_is_over_at_once() throws IOException {
        healing.begin(7, List.of());
        assertThat(healing.advance()).contains(7L);
        assertThat(started).isEmpty();
    }

    private void sweep(long round, State end) throws IOException {
        healing.begin(round, List.of(pin("a", 1)));
        assertThat(healing.advance()).isEmpty();
        states.put((long) started.size(), end);
        assertThat(healing.advance()).isEqualTo(end == State.STATE_COMPLETE ? Optional.of(round) : Optional.empty());
    }

    private void assertDueAfter(Duration time) {
        pass(time.minusMillis(1));
        assertThat(healing.isDue()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(healing.isDue()).isTrue();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Pin pin(String path, int replicas) {
        return Pin.newBuilder().setPath(path).setReplicas(replicas).build();
    }
}
