package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HedgesTest {
    private final PeerTally tally = new PeerTally();
    private final Hedges hedges = new Hedges(HedgeSettings.defaults(), Duration.ofMillis(1500), tally, () -> 0);
    private final WorkerPool one = pool("w1");
    private final WorkerPool other = pool("w2");

    @AfterEach
    void close() {
        hedges.close();
    }

    @Test
    void five_of_a_hundred_reads_may_be_put_to_another_and_ten_at_once() {
        for (int i = 0; i < 1000; i++) {
            Future<?> _ = hedges.after(TimeUnit.HOURS.toNanos(1), () -> {});
        }
        int permitted = 0;
        for (int i = 0; i < 1000; i++) {
            Future<?> alarm = hedges.after(TimeUnit.HOURS.toNanos(1), () -> {});
            permitted += hedges.mayAskAnother() ? 1 : 0;
            assertThat(alarm.cancel(false)).isTrue();
        }
        assertThat(permitted).isBetween(55, 60);
        assertThat(tally.hedgesSent()).isEqualTo(permitted);
        assertThat(tally.hedgesDenied()).isEqualTo(1000 - permitted);
    }

    @Test
    void of_workers_that_are_not_known_a_quarter_of_the_stall_timeout_is_waited() {
        assertThat(hedges.delayNanos(one, other)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(375));
    }

    @Test
    void no_less_is_waited_than_the_least_and_no_more_than_the_stall_timeout() {
        answers(one, 1);
        assertThat(hedges.delayNanos(one, other)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        WorkerPool slow = pool("w3");
        WorkerPool slower = pool("w4");
        answers(slow, 4000);
        answers(slower, 9000);
        assertThat(hedges.delayNanos(slow, slower)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1500));
    }

    @Test
    void what_is_usual_for_the_faster_of_both_is_waited_for_either() {
        answers(one, 100);
        answers(other, 1000);
        long delay = hedges.delayNanos(one, other);
        assertThat(delay).isBetween(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(150));
        assertThat(hedges.delayNanos(other, one)).isEqualTo(delay);
    }

    private static void answers(WorkerPool pool, long millis) {
        for (int i = 0; i < 50; i++) {
            pool.pace().took(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private static WorkerPool pool(String id) {
        return new WorkerPool(
                new Worker(
                        new WorkerId(id),
                        new Endpoint("127.0.0.1", 1),
                        new Topology(id, Optional.empty(), Optional.empty()),
                        1,
                        WorkerState.ACTIVE),
                1);
    }
}
