package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ReadAheadPropertyTest {
    static final long MIB = 1 << 20;

    @Property(tries = 300)
    void whatever_is_read_plans_stay_inside_the_file_and_never_repeat(
            @ForAll @LongRange(min = 1, max = 1L << 42) long lengthBytes,
            @ForAll @Size(max = 200) List<@LongRange(min = 0, max = (1L << 42) + MIB) Long> offsets,
            @ForAll @LongRange(min = 1, max = 4 * MIB) long each) {
        TraceSimulator simulator = new TraceSimulator(lengthBytes);
        long bytes = 0;
        for (long offset : offsets) {
            long at = offset % (lengthBytes + MIB);
            bytes += each;
            if (at < lengthBytes && bytes < lengthBytes) {
                simulator.read(at, each);
            }
        }
        assertThat(simulator.leftTheFile()).isFalse();
        assertThat(simulator.plannedTwiceBytes()).isZero();
    }

    @Property(tries = 200)
    void runs_of_any_length_anywhere_never_repeat_a_plan_and_waste_at_most_twice_their_bytes(
            @ForAll long seed, @ForAll @IntRange(min = 10, max = 2000) int mebibytes) {
        Random random = new Random(seed);
        long lengthBytes = mebibytes * MIB - random.nextInt((int) MIB);
        TraceSimulator simulator = new TraceSimulator(lengthBytes);
        long left = lengthBytes;
        while (left > 0) {
            long each = 1L + random.nextInt((int) MIB);
            long at = random.nextLong(lengthBytes);
            int steps = random.nextInt(60);
            boolean backward = random.nextBoolean();
            for (int i = 0; i < steps && left > 0 && at >= 0 && at < lengthBytes; i++) {
                simulator.read(at, Math.min(each, left));
                at += backward ? -each : each;
                left -= each;
            }
            left--;
        }
        assertThat(simulator.leftTheFile()).isFalse();
        assertThat(simulator.plannedTwiceBytes()).isZero();
        assertThat(simulator.wastedBytes()).isLessThan(2 * simulator.readBytes() + 64 * MIB);
    }

    @Property(tries = 200)
    void a_sequential_reader_of_any_size_finds_everything_planned_after_its_third_read(
            @ForAll @LongRange(min = 1, max = 2 * MIB) long each,
            @ForAll @LongRange(min = 0, max = 100 * MIB) long start,
            @ForAll @LongRange(min = 8 * MIB, max = 200 * MIB) long length) {
        long lengthBytes = start + length;
        TraceSimulator simulator = new TraceSimulator(lengthBytes);
        int reads = 0;
        for (long at = start; at < lengthBytes && reads < 3000; at += each) {
            boolean predicted = simulator.read(at, each);
            reads++;
            assertThat(reads <= 3 || predicted)
                    .as("read %d, at %d of %d", reads, at, lengthBytes)
                    .isTrue();
        }
    }

    @Property(tries = 50)
    void interleaved_streams_are_all_recognised(@ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int streams) {
        Random random = new Random(seed);
        long lengthBytes = streams * 64L * MIB;
        List<List<ByteRange>> readers = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            readers.add(Traces.sequential(i * 64L * MIB, (i + 1) * 64L * MIB, 256 << 10));
        }
        TraceSimulator simulator = new TraceSimulator(lengthBytes).readAll(Traces.interleaved(readers, random));
        assertThat(simulator.hitRatio()).isGreaterThan(0.95);
        assertThat(simulator.wasteRatio()).isLessThan(0.01);
    }

    @Property(tries = 50)
    void random_readers_cause_little_more_than_the_credit(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int kibibytes) {
        TraceSimulator simulator = new TraceSimulator(32L << 30)
                .readAll(Traces.random(32L << 30, 2000, kibibytes << 10, new Random(seed)));
        assertThat(simulator.wastedBytes()).isLessThan(StreamReadAhead.CREDIT_BYTES + 8 * MIB);
    }
}
