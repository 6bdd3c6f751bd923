package io.headrace.store.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.RangeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Adjacent blocks of read-ahead are one request at their source. */
class FlightRunTest {
    private static final int BLOCK_BYTES = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final List<ByteRange> requests = new CopyOnWriteArrayList<>();
    private final Map<Integer, Byte> kept = new ConcurrentHashMap<>();
    private final List<Integer> ended = new CopyOnWriteArrayList<>();
    private volatile long cutAt = Long.MAX_VALUE;
    private final FlightScheduler scheduler =
            new FlightScheduler(new FlightSettings(2, 8 << 20, PATIENCE), FaultPoints.NONE, new SimpleMeterRegistry());

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void brings_two_adjacent_blocks_by_one_request() {
        Series series = new Series(0, 1, 2, 3);
        scheduler.submitAhead(series, FetchReason.READ_AHEAD);
        awaitEnded(4);
        assertThat(requests).containsExactlyInAnyOrder(blocks(0, 2), blocks(2, 2));
        assertThat(kept).isEqualTo(Map.of(0, (byte) 0, 1, (byte) 1, 2, (byte) 2, 3, (byte) 3));
        await().atMost(PATIENCE).untilTrue(series.ended);
    }

    @Test
    void asks_for_no_block_that_another_thread_brings() {
        Series series = new Series(0, 1);
        assertThat(series.flights.getFirst().start()).isTrue();
        scheduler.submitAhead(series, FetchReason.READ_AHEAD);
        awaitEnded(1);
        assertThat(requests).containsExactly(blocks(1, 1));
    }

    @Test
    void asks_twice_where_a_block_between_is_not_its_own() {
        FlightReader reader =
                new FlightReader(new FlightSettings(2, 8 << 20, PATIENCE), FaultPoints.NONE, new SimpleMeterRegistry());
        Series series = new Series(0, 1, 2);
        List<Flight> mine = List.of(series.flights.pollFirst(), series.flights.pollLast());
        FlightScheduler.adjacent(mine).forEach(reader::fly);
        awaitEnded(2);
        assertThat(requests).containsExactly(blocks(0, 1), blocks(2, 1));
    }

    @Test
    void what_came_before_the_source_failed_is_kept() {
        cutAt = BLOCK_BYTES;
        scheduler.submitAhead(new Series(0, 1), FetchReason.READ_AHEAD);
        awaitEnded(2);
        assertThat(kept).containsOnlyKeys(0);
    }

    private void awaitEnded(int flights) {
        await().atMost(PATIENCE).until(() -> ended.size() == flights);
    }

    private static ByteRange blocks(int first, int count) {
        return new ByteRange((long) first * BLOCK_BYTES, (long) count * BLOCK_BYTES);
    }

    private final class Series implements FlightSeries {
        private final Deque<Flight> flights = new ArrayDeque<>();
        private final AtomicBoolean ended = new AtomicBoolean();

        Series(int... blocks) {
            for (int block : blocks) {
                flights.add(scheduler.plan(new BlockPlan(block), FetchReason.READ_AHEAD));
            }
        }

        @Override
        public List<Flight> next(int most) {
            List<Flight> next = new ArrayList<>();
            while (next.size() < most && !flights.isEmpty()) {
                next.add(flights.poll());
            }
            ended.set(next.isEmpty());
            return next;
        }

        @Override
        public void end() {
            ended.set(true);
        }
    }

    /** A block whose bytes are its number. */
    private final class BlockPlan extends ModelBlock {
        BlockPlan(int block) {
            super(block, BLOCK_BYTES);
        }

        @Override
        public RangeSource source() {
            return (version, range, reason) -> {
                requests.add(range);
                return new Numbers(range);
            };
        }

        @Override
        public boolean keep(MemorySegment bytes, int crc) {
            kept.put(index(), bytes.get(ValueLayout.JAVA_BYTE, bytes.byteSize() - 1));
            return true;
        }

        @Override
        public void ended(Flight flight) {
            ended.add(index());
        }
    }

    private final class Numbers implements ReadableByteChannel {
        private final long end;
        private long position;

        Numbers(ByteRange range) {
            position = range.offset();
            end = range.end();
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (position >= cutAt) {
                throw new OriginException.Unavailable("cut");
            }
            int count = 0;
            for (; position < end && into.hasRemaining(); position++, count++) {
                into.put((byte) (position / BLOCK_BYTES));
            }
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
