package io.headrace.store.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.UrgentChannel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FlightSchedulerTest {
    private static final int THREADS = 2;
    private static final int BLOCK_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();
    private final CountDownLatch diskIsBack = new CountDownLatch(1);

    @Test
    void fetches_on_while_the_disk_hangs() {
        try (FlightScheduler scheduler = scheduler()) {
            for (int i = 0; i < 3 * THREADS; i++) {
                scheduler.submit(scheduler.plan(new SlowlyKept(i), FetchReason.DEMAND));
            }
            await().atMost(PATIENCE).until(() -> opened.get() == 3 * THREADS);
            assertThat(kept).hasValue(0);
            diskIsBack.countDown();
            await().atMost(PATIENCE).until(() -> kept.get() == 3 * THREADS);
        }
    }

    @Test
    void fetches_no_more_than_a_few_blocks_ahead_of_a_disk_that_hangs() {
        try (FlightScheduler scheduler = scheduler()) {
            for (int i = 0; i < 100; i++) {
                scheduler.submit(scheduler.plan(new SlowlyKept(i), FetchReason.DEMAND));
            }
            await().atMost(PATIENCE)
                    .during(Duration.ofMillis(200))
                    .until(() -> opened.get() >= 3 * THREADS && opened.get() <= 10 + THREADS);
            diskIsBack.countDown();
            await().atMost(PATIENCE).until(() -> kept.get() == 100);
        }
    }

    @Test
    void tells_the_passengers_when_keeping_fails() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        try (FlightScheduler scheduler = scheduler()) {
            Flight flight = scheduler.plan(
                    new SlowlyKept(0) {
                        @Override
                        public boolean keep(MemorySegment block, int crc) {
                            throw new IllegalStateException("a fault of the tier");
                        }
                    },
                    FetchReason.DEMAND);
            flight.board(new WaitsForLanding(failed));
            scheduler.submit(flight);
            assertThat(failed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void tells_the_source_when_a_reader_joins_what_is_read_ahead() {
        UrgentSource plan = new UrgentSource();
        diskIsBack.countDown();
        try (FlightScheduler scheduler = scheduler()) {
            Flight flight = scheduler.plan(plan, FetchReason.READ_AHEAD);
            scheduler.submit(flight);
            await().atMost(PATIENCE).until(() -> plan.reading.getCount() == 0);
            scheduler.urge(flight, FetchReason.DEMAND);
            scheduler.urge(flight, FetchReason.LOAD);
            assertThat(plan.told).containsExactly(FetchReason.READ_AHEAD, FetchReason.DEMAND);
            plan.bytesCome.countDown();
            await().atMost(PATIENCE).until(() -> kept.get() == 1);
        }
    }

    private static FlightScheduler scheduler() {
        return new FlightScheduler(
                new FlightSettings(THREADS, 64 << 20, PATIENCE), FaultPoints.parse(""), new SimpleMeterRegistry());
    }

    private record WaitsForLanding(CountDownLatch failures) implements Passenger {
        @Override
        public int neededBytes() {
            return Integer.MAX_VALUE;
        }

        @Override
        public boolean arrived(FlightBuffer buffer) {
            return false;
        }

        @Override
        public void landed(FlightBuffer buffer, boolean kept) {}

        @Override
        public void failed(IOException failure) {
            failures.countDown();
        }
    }

    private class SlowlyKept extends ModelBlock {
        SlowlyKept(int index) {
            super(index, BLOCK_BYTES);
        }

        @Override
        public RangeSource source() {
            return (version, range, reason) -> {
                opened.incrementAndGet();
                return new Zeros(range.length());
            };
        }

        @Override
        public boolean keep(MemorySegment block, int crc) {
            try {
                diskIsBack.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            kept.incrementAndGet();
            return true;
        }
    }

    /** Its bytes come when the test says so. */
    private final class UrgentSource extends SlowlyKept {
        private final List<FetchReason> told = new CopyOnWriteArrayList<>();
        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch bytesCome = new CountDownLatch(1);

        UrgentSource() {
            super(0);
        }

        @Override
        public RangeSource source() {
            return (version, range, reason) -> new UrgentZeros(range.length());
        }

        private final class UrgentZeros extends Zeros implements UrgentChannel {
            UrgentZeros(long bytes) {
                super(bytes);
            }

            @Override
            public int read(ByteBuffer into) {
                reading.countDown();
                try {
                    bytesCome.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.read(into);
            }

            @Override
            public void urge(FetchReason reason) {
                told.add(reason);
            }
        }
    }

    private static class Zeros implements ReadableByteChannel {
        private long left;

        Zeros(long bytes) {
            left = bytes;
        }

        @Override
        public int read(ByteBuffer into) {
            int count = (int) Math.min(into.remaining(), left);
            left -= count;
            into.position(into.position() + count);
            return count == 0 ? -1 : count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
