package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadsTest {
    private static final long MIB = 1 << 20;
    private static final ReadAheadSettings DEFAULTS = ReadAheadSettings.defaults();

    @Test
    void small_files_are_fetched_whole_at_the_first_read() {
        ReadAhead small = ReadAheads.forFile(EntryName.of("config.json"), 3 * MIB, DEFAULTS);
        assertThat(small.observe(new ByteRange(MIB, 10))).containsExactly(new ByteRange(0, 3 * MIB));
        assertThat(small.observe(new ByteRange(0, 10))).isEmpty();
    }

    @Test
    void a_shard_index_is_fetched_whole_however_large() {
        ReadAhead index = ReadAheads.forFile(EntryName.of("model.safetensors.index.json"), 20 * MIB, DEFAULTS);
        assertThat(index.observe(new ByteRange(0, 10))).containsExactly(new ByteRange(0, 20 * MIB));
    }

    @Test
    void switched_off_nothing_is_planned_and_no_header_wanted() {
        ReadAhead off = ReadAheads.forFile(EntryName.of("f"), 1000 * MIB, DEFAULTS.disabled());
        for (long at = 0; at < 100 * MIB; at += MIB) {
            assertThat(off.observe(new ByteRange(at, MIB))).isEmpty();
        }
        assertThat(off.wantedHeader().isEmpty()).isTrue();
        assertThat(off.inspectHeader(ByteBuffer.allocate(100))).isEmpty();
    }

    @Test
    void an_empty_file_needs_nothing() {
        ReadAhead empty = ReadAheads.forFile(EntryName.of("f"), 0, DEFAULTS);
        assertThat(empty.observe(new ByteRange(0, 0))).isEmpty();
    }

    @Test
    void the_rest_of_a_safetensors_header_is_planned_when_its_length_is_known() {
        SafetensorsFile file = SafetensorsFile.of(1000, new Random(3));
        ReadAhead model = ReadAheads.forFile(EntryName.of("blob"), file.lengthBytes(), DEFAULTS);
        assertThat(model.inspectHeader(file.header().slice(0, 16)))
                .singleElement()
                .satisfies(range -> assertThat(range.end())
                        .isGreaterThanOrEqualTo(file.header().limit()));
        assertThat(model.wantedHeader())
                .isEqualTo(new ByteRange(0, file.header().limit()));
    }

    @Test
    void threads_that_read_at_once_never_get_the_same_bytes() throws Exception {
        long length = 512 * MIB;
        ReadAhead shared = ReadAheads.forFile(EntryName.of("f"), length, DEFAULTS);
        ConcurrentLinkedQueue<ByteRange> planned = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> readers = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(reader -> threads.submit(() -> {
                        for (long at = reader * MIB; at < length; at += 4 * MIB) {
                            planned.addAll(shared.observe(new ByteRange(at, MIB)));
                        }
                    }))
                    .toList();
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        Intervals union = new Intervals();
        for (ByteRange range : planned) {
            assertThat(union.add(range)).isZero();
        }
        assertThat(union.bytes()).isGreaterThan(length / 2);
    }
}
