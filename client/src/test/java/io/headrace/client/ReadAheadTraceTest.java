package io.headrace.client;

import static io.headrace.client.Traces.KIB;
import static io.headrace.client.Traces.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hits and waste of the readers that matter; prints each line for the design page. */
class ReadAheadTraceTest {
    private static final long GIB = 1L << 30;

    private final Random random = new Random(7);
    private TraceSimulator simulator = new TraceSimulator(GIB);
    private String reader = "";

    @AfterEach
    void judge() {
        System.out.printf(
                "| %s | %.3f | %.3f | %d | %.2f (%d) | %s |%n",
                reader,
                simulator.hitRatio(),
                simulator.wasteRatio(),
                simulator.mostAheadBytes() / MIB,
                simulator.fetchedRatio(),
                simulator.fetchedBytes() / MIB,
                simulator.describe());
        assertThat(simulator.leftTheFile()).isFalse();
        assertThat(simulator.plannedTwiceBytes()).isZero();
        assertThat(simulator.mostAheadBytes()).isLessThanOrEqualTo(330 * MIB);
    }

    @ParameterizedTest
    @ValueSource(ints = {4 * KIB, 128 * KIB, MIB})
    void a_sequential_reader_gets_all_but_its_first_read_ahead(int each) {
        play("sequential, " + each / KIB + " KiB", Traces.sequential(0, GIB, each));
        assertThat(simulator.hitRatio()).isGreaterThan(0.995);
        assertThat(simulator.wastedBytes()).isZero();
        assertThat(simulator.mostAheadBytes()).isGreaterThanOrEqualTo(60 * MIB);
    }

    @Test
    void reads_that_arrive_out_of_order_are_one_stream() {
        play(
                "sequential 1 MiB, 16 out of order",
                Traces.slightlyOutOfOrder(Traces.sequential(0, GIB, MIB), 16, random));
        assertThat(simulator.hitRatio()).isGreaterThan(0.95);
        assertThat(simulator.wasteRatio()).isLessThan(0.01);
    }

    @Test
    void four_ranks_that_stripe_the_file_are_followed() {
        List<List<ByteRange>> ranks = new ArrayList<>();
        for (int rank = 0; rank < 4; rank++) {
            List<ByteRange> pieces = new ArrayList<>();
            for (long at = rank * 4L * MIB; at < GIB; at += 16L * MIB) {
                pieces.addAll(Traces.sequential(at, at + 4L * MIB, MIB));
            }
            ranks.add(pieces);
        }
        play("4 ranks, stripes of 4 MiB", Traces.interleaved(ranks, random));
        assertThat(simulator.hitRatio()).isGreaterThan(0.9);
        assertThat(simulator.wasteRatio()).isLessThan(0.01);
    }

    @Test
    void four_ranks_with_a_quarter_each_are_a_loader() {
        List<List<ByteRange>> ranks = new ArrayList<>();
        for (int rank = 0; rank < 4; rank++) {
            ranks.add(Traces.sequential(rank * GIB / 4, (rank + 1) * GIB / 4, 128 * KIB));
        }
        play("4 ranks, a quarter each", Traces.interleaved(ranks, random));
        assertThat(simulator.hitRatio()).isGreaterThan(0.98);
        assertThat(simulator.wasteRatio()).isLessThan(0.01);
        assertThat(simulator.describe()).contains("several streams");
    }

    @Test
    void tensors_in_any_order_are_ahead_of_their_reader() {
        SafetensorsFile file = SafetensorsFile.of(120, random);
        simulator = new TraceSimulator(file.lengthBytes());
        simulator.read(0, 128 * KIB);
        simulator.inspect(file.header());
        play("safetensors, mmap, shuffled tensors", file.mmapFaults(512 * KIB, random));
        assertThat(simulator.hitRatio()).isGreaterThan(0.9);
        assertThat(simulator.wasteRatio()).isLessThan(0.01);
        assertThat(simulator.describe()).contains("safetensors");
    }

    @Test
    void one_tensor_of_a_large_model_does_not_fetch_the_model() {
        SafetensorsFile file = SafetensorsFile.of(120, random);
        simulator = new TraceSimulator(file.lengthBytes());
        simulator.read(0, 128 * KIB);
        simulator.inspect(file.header());
        ByteRange tensor = file.tensors().stream()
                .max(Comparator.comparingLong(ByteRange::length))
                .orElseThrow();
        play("safetensors, one tensor", Traces.sequential(tensor.offset(), tensor.end(), 512 * KIB));
        assertThat(simulator.hitRatio()).isGreaterThan(0.9);
        assertThat(simulator.wastedBytes()).isLessThan(6 * MIB);
    }

    @Test
    void tensors_of_a_gguf_are_ahead_of_their_reader_in_any_order() {
        GgufFile file = startGguf();
        play("GGUF, mmap, shuffled tensors", Traces.mmapFaults(file.tensors(), 512 * KIB, random));
        assertThat(simulator.hitRatio()).isGreaterThan(0.9);
        assertThat(simulator.wasteRatio()).isLessThan(0.02);
        assertThat(simulator.describe()).contains("GGUF");
    }

    @Test
    void one_tensor_of_a_gguf_does_not_fetch_the_model() {
        GgufFile file = startGguf();
        ByteRange tensor = file.tensors().stream()
                .max(Comparator.comparingLong(ByteRange::length))
                .orElseThrow();
        play("GGUF, one tensor", Traces.sequential(tensor.offset(), tensor.end(), 512 * KIB));
        assertThat(simulator.hitRatio()).isGreaterThan(0.9);
        assertThat(simulator.wastedBytes()).isLessThan(12 * MIB);
    }

    private GgufFile startGguf() {
        GgufFile file = GgufFile.of(120, 100_000, 32, random);
        simulator = new TraceSimulator(file.lengthBytes());
        simulator.read(0, 128 * KIB);
        simulator.inspect(file::bytes);
        return file;
    }

    @Test
    void a_backward_scan_is_followed() {
        play("backward, 128 KiB", Traces.backward(0, GIB, 128 * KIB));
        assertThat(simulator.hitRatio()).isGreaterThan(0.99);
        assertThat(simulator.wastedBytes()).isZero();
    }

    @Test
    void equal_pieces_at_equal_distances_are_fetched_alone() {
        List<ByteRange> pieces = new ArrayList<>();
        for (long at = 0; at < GIB; at += 8L * MIB) {
            pieces.add(new ByteRange(at, 64 * KIB));
        }
        play("64 KiB each 8 MiB", pieces);
        assertThat(simulator.hitRatio()).isGreaterThan(0.9);
        assertThat(simulator.wastedBytes()).isLessThan(4 * MIB);
    }

    @Test
    void random_pages_are_read_exactly() {
        play("random 4 KiB", Traces.random(GIB, 20_000, 4 * KIB, random));
        assertThat(simulator.wastedBytes()).isLessThan(18 * MIB);
    }

    @ParameterizedTest
    @CsvSource({"1,100", "1,1000", "1,20000", "16,100", "16,1000", "16,20000"})
    void random_pages_cost_a_few_blocks_and_a_piece_each_and_never_much_more_than_the_file(int gibibytes, int pages) {
        long lengthBytes = gibibytes * GIB;
        simulator = new TraceSimulator(lengthBytes);
        play(
                "random 4 KiB, " + pages + " of " + gibibytes + " GiB",
                Traces.random(lengthBytes, pages, 4 * KIB, random));
        assertThat(simulator.fetchedBytes()).isLessThan(Math.min(lengthBytes / 8 * 9, 64 * MIB + pages * 128L * KIB));
    }

    @Test
    void random_large_reads_are_read_exactly() {
        simulator = new TraceSimulator(16 * GIB);
        play("random 1 MiB", Traces.random(16 * GIB, 4_000, MIB, random));
        assertThat(simulator.wasteRatio()).isLessThan(0.02);
    }

    @ParameterizedTest
    @ValueSource(ints = {16 * KIB, 600 * KIB})
    void shuffled_records_waste_little(int record) {
        simulator = new TraceSimulator(8 * GIB);
        List<ByteRange> epoch = Traces.epoch(8 * GIB, record, 128 * KIB, random);
        play("shuffled records of " + record / KIB + " KiB, a tenth of an epoch", epoch.subList(0, epoch.size() / 10));
        assertThat(simulator.wasteRatio()).isLessThan(0.1);
    }

    @Test
    void a_second_pass_is_read_ahead_again() {
        play("two passes", Traces.sequential(0, GIB, MIB));
        TraceSimulator first = simulator;
        ReadAhead again = ReadAheads.forFile(TraceSimulator.name("f"), GIB, ReadAheadSettings.defaults());
        for (int pass = 0; pass < 2; pass++) {
            simulator = new TraceSimulator(GIB, again);
            simulator.readAll(Traces.sequential(0, GIB, MIB));
            assertThat(simulator.hitRatio()).isGreaterThan(0.99);
        }
        assertThat(first.hitRatio()).isGreaterThan(0.99);
    }

    private void play(String name, List<ByteRange> trace) {
        reader = name;
        simulator.inspectUnknown();
        simulator.readAll(trace);
    }
}
