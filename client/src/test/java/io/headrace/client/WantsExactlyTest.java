package io.headrace.client;

import static io.headrace.client.Traces.KIB;
import static io.headrace.client.Traces.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Whose bytes alone are fetched: those of readers who jump about, and nobody else's. */
class WantsExactlyTest {
    private static final long GIB = 1L << 30;

    @Property(tries = 50)
    void random_readers_do_from_the_fourth_read_on(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 256) int kibibytes) {
        TraceSimulator simulator = unknownFormat(64 * GIB);
        List<ByteRange> trace = Traces.random(64 * GIB, 500, kibibytes << 10, new Random(seed));
        simulator.readAll(trace.subList(0, 3));
        assertThat(simulator.exactReads()).isZero();
        simulator.readAll(trace.subList(3, 500));
        assertThat(simulator.exactReads()).isGreaterThanOrEqualTo(490);
    }

    @Property(tries = 100)
    void sequential_readers_never_do(
            @ForAll @LongRange(min = 1, max = 2 * MIB) long each, @ForAll @LongRange(min = 0, max = GIB) long start) {
        TraceSimulator simulator = unknownFormat(2 * GIB);
        simulator.readAll(Traces.sequential(start, start + 500 * each, each));
        assertThat(simulator.exactReads()).isZero();
    }

    @Property(tries = 50)
    void readers_side_by_side_do_at_most_once_each(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int readers) {
        List<List<ByteRange>> traces = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            traces.add(Traces.sequential(i * 64L * MIB, (i + 1) * 64L * MIB, 128 * KIB));
        }
        TraceSimulator simulator = unknownFormat(readers * 64L * MIB);
        simulator.readAll(Traces.interleaved(traces, new Random(seed)));
        assertThat(simulator.exactReads()).isLessThanOrEqualTo(readers);
        assertThat(simulator.fetchedRatio()).isLessThan(1.01);
    }

    @Test
    void a_reader_who_jumps_and_then_goes_on_does_not() {
        TraceSimulator simulator = unknownFormat(GIB);
        simulator.readAll(Traces.random(GIB, 100, 4 * KIB, new Random(7)));
        int before = simulator.exactReads();
        simulator.readAll(Traces.sequential(500L * MIB, 600L * MIB, 128 * KIB));
        assertThat(simulator.exactReads() - before).isLessThanOrEqualTo(1);
    }

    @Test
    void equal_distances_do_not() {
        TraceSimulator simulator = unknownFormat(GIB);
        List<ByteRange> pieces = new ArrayList<>();
        for (long at = 0; at < GIB; at += 8L * MIB) {
            pieces.add(new ByteRange(at, 64 * KIB));
        }
        simulator.readAll(pieces);
        assertThat(simulator.exactReads()).isLessThanOrEqualTo(1);
    }

    @Test
    void tensors_in_any_order_do_not_however_small() {
        SafetensorsFile file = SafetensorsFile.of(120, new Random(7));
        TraceSimulator simulator = new TraceSimulator(file.lengthBytes());
        simulator.read(0, 128 * KIB);
        simulator.inspect(file.header());
        simulator.readAll(Traces.random(file.lengthBytes(), 200, 4 * KIB, new Random(7)));
        assertThat(simulator.exactReads()).isZero();
    }

    @Test
    void nobody_does_before_the_format_is_known() {
        TraceSimulator simulator = new TraceSimulator(GIB);
        simulator.readAll(Traces.random(GIB, 100, 4 * KIB, new Random(7)));
        assertThat(simulator.exactReads()).isZero();
    }

    @Test
    void nobody_does_where_it_is_switched_off() {
        assertThat(wantsExactlyAfterJumps(ReadAheadSettings.defaults())).isTrue();
        assertThat(wantsExactlyAfterJumps(ReadAheadSettings.defaults().withoutExactRanges()))
                .isFalse();
        assertThat(wantsExactlyAfterJumps(ReadAheadSettings.defaults().disabled()))
                .isFalse();
    }

    private static boolean wantsExactlyAfterJumps(ReadAheadSettings settings) {
        ReadAhead readAhead = ReadAheads.forFile(EntryName.of("index"), GIB, settings);
        readAhead.inspectHeader(ByteBuffer.allocate(HeaderInspector.FIRST_LOOK_BYTES));
        for (ByteRange read : Traces.random(GIB, 10, 4 * KIB, new Random(7))) {
            readAhead.observe(read);
        }
        return readAhead.wantsExactly(new ByteRange(700L * MIB, 4 * KIB));
    }

    private static TraceSimulator unknownFormat(long lengthBytes) {
        TraceSimulator simulator = new TraceSimulator(lengthBytes);
        simulator.inspectUnknown();
        return simulator;
    }
}
