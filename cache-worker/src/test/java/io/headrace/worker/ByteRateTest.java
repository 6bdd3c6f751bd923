package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FetchReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ByteRateTest {
    private final VirtualClock clock = VirtualClock.standingStill();
    private final ByteRate rate = new ByteRate(ByteSize.parse("10MB"), clock);

    @Test
    void saves_up_no_more_than_a_tenth_of_a_second() throws Exception {
        clock.advance(Duration.ofHours(1));
        assertThat(admitNow(FetchReason.DEMAND)).isTrue();
        rate.charge(1_000_000);
        assertThat(admitNow(FetchReason.DEMAND)).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(admitNow(FetchReason.DEMAND)).isTrue();
    }

    @Test
    void readers_go_before_bulk_transfers() throws Exception {
        rate.charge(2_000_000);
        List<FetchReason> order = new CopyOnWriteArrayList<>();
        FutureTask<Void> load = reader(FetchReason.LOAD, order);
        FutureTask<Void> demand = reader(FetchReason.DEMAND, order);
        await().until(() -> rate.waiting() == 2);
        clock.advance(Duration.ofMillis(150));
        demand.get();
        clock.advance(Duration.ofSeconds(1));
        load.get();
        assertThat(order).containsExactly(FetchReason.DEMAND, FetchReason.LOAD);
    }

    @Test
    void no_limit_never_waits() throws Exception {
        ByteRate unlimited = new ByteRate(new ByteSize(0), clock);
        unlimited.charge(Long.MAX_VALUE);
        assertThat(unlimited.admit(FetchReason.LOAD, new Patience(clock), clock.nanos()))
                .isTrue();
    }

    private boolean admitNow(FetchReason reason) throws Exception {
        return rate.admit(reason, new Patience(clock), clock.nanos());
    }

    private FutureTask<Void> reader(FetchReason reason, List<FetchReason> order) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            rate.admit(
                    reason,
                    new Patience(clock),
                    clock.nanos() + Duration.ofHours(1).toNanos());
            order.add(reason);
            rate.charge(1_000_000);
            return null;
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
