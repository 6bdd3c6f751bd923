package io.headrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FetchReason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RequestSlotsTest {
    private final FetchClock clock = FetchClock.SYSTEM;
    private final List<String> served = new CopyOnWriteArrayList<>();

    @Test
    void serves_the_urgent_first_and_equals_in_order() throws Exception {
        RequestSlots slots = new RequestSlots(1);
        assertThat(acquireNow(slots, FetchReason.DEMAND)).isTrue();
        List<FutureTask<Void>> readers = List.of(
                reader(slots, FetchReason.LOAD, "load"),
                reader(slots, FetchReason.READ_AHEAD, "ahead 1"),
                reader(slots, FetchReason.READ_AHEAD, "ahead 2"),
                reader(slots, FetchReason.DEMAND, "demand"));
        slots.release();
        for (FutureTask<Void> reader : readers) {
            reader.get();
        }
        assertThat(served).containsExactly("demand", "ahead 1", "ahead 2", "load");
        assertThat(slots.running()).isZero();
    }

    @Test
    void who_becomes_urgent_while_waiting_goes_before_those_who_are_not() throws Exception {
        RequestSlots slots = new RequestSlots(1);
        assertThat(acquireNow(slots, FetchReason.DEMAND)).isTrue();
        Patience joined = new Patience(clock);
        List<FutureTask<Void>> readers = List.of(
                reader(slots, FetchReason.READ_AHEAD, "ahead"),
                reader(slots, FetchReason.READ_AHEAD, "ahead that a reader joined", joined),
                reader(slots, FetchReason.DEMAND, "demand"));
        slots.urge(joined, FetchReason.DEMAND);
        slots.urge(new Patience(clock), FetchReason.DEMAND);
        slots.release();
        for (FutureTask<Void> reader : readers) {
            reader.get();
        }
        assertThat(served).containsExactly("demand", "ahead that a reader joined", "ahead");
    }

    @Test
    void who_becomes_urgent_takes_the_slot_that_was_kept_free_for_it() throws Exception {
        RequestSlots slots = new RequestSlots(8);
        assertThat(acquireAll(slots, FetchReason.READ_AHEAD)).isEqualTo(7);
        Patience joined = new Patience(clock);
        FutureTask<Void> reader = reader(slots, FetchReason.READ_AHEAD, "joined", joined);
        slots.urge(joined, FetchReason.DEMAND);
        reader.get();
        assertThat(served).containsExactly("joined");
    }

    @Test
    void leaves_slots_for_readers_free_of_bulk_transfers() throws Exception {
        RequestSlots slots = new RequestSlots(16);
        assertThat(acquireAll(slots, FetchReason.LOAD)).isEqualTo(12);
        assertThat(acquireAll(slots, FetchReason.READ_AHEAD)).isEqualTo(2);
        assertThat(acquireAll(slots, FetchReason.DEMAND)).isEqualTo(2);
    }

    @Test
    void a_single_slot_serves_every_reason() throws Exception {
        for (FetchReason reason : FetchReason.values()) {
            assertThat(acquireAll(new RequestSlots(1), reason)).isEqualTo(1);
        }
    }

    @Test
    void who_gives_up_leaves_the_queue() throws Exception {
        RequestSlots slots = new RequestSlots(1);
        assertThat(acquireNow(slots, FetchReason.DEMAND)).isTrue();
        assertThat(acquireNow(slots, FetchReason.DEMAND)).isFalse();
        assertThat(slots.waiting()).isZero();
        slots.release();
        assertThat(acquireNow(slots, FetchReason.LOAD)).isTrue();
    }

    private int acquireAll(RequestSlots slots, FetchReason reason) throws Exception {
        int count = 0;
        while (acquireNow(slots, reason)) {
            count++;
        }
        return count;
    }

    private boolean acquireNow(RequestSlots slots, FetchReason reason) throws Exception {
        return slots.acquire(() -> reason, new Patience(clock), clock.nanos());
    }

    /** Queues up a reader that notes when it was served; returns once it is in the queue. */
    private FutureTask<Void> reader(RequestSlots slots, FetchReason reason, String name) {
        return reader(slots, reason, name, new Patience(clock));
    }

    private FutureTask<Void> reader(RequestSlots slots, FetchReason reason, String name, Patience patience) {
        int before = slots.waiting();
        FutureTask<Void> task = new FutureTask<>(() -> {
            slots.acquire(() -> reason, patience, clock.nanos() + 20_000_000_000L);
            served.add(name);
            slots.release();
            return null;
        });
        Thread.ofPlatform().daemon().start(task);
        await().until(() -> slots.waiting() == before + 1);
        return task;
    }
}
