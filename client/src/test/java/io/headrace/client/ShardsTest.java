package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final ReadAheadSettings SETTINGS = ReadAheadSettings.defaults();
    private static final EntryName FIRST = EntryName.of("model-00001-of-00003.safetensors");
    private static final EntryName SECOND = EntryName.of("model-00002-of-00003.safetensors");

    @ParameterizedTest
    @CsvSource({
        "model-00001-of-00003.safetensors, model-00002-of-00003.safetensors",
        "pytorch_model-00009-of-00010.bin, pytorch_model-00010-of-00010.bin",
        "llama-3.1-405b-q4-00001-of-00012.gguf, llama-3.1-405b-q4-00002-of-00012.gguf"
    })
    void the_next_shard_has_the_next_number(String name, String next) {
        assertThat(Shards.after(EntryName.of(name))).contains(EntryName.of(next));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model-00003-of-00003.safetensors",
                "model.safetensors",
                "model-1-of-3.safetensors",
                "model-00001-of-00003",
                "part-00001"
            })
    void what_is_no_shard_or_the_last_one_has_none_behind_it(String name) {
        assertThat(Shards.after(EntryName.of(name))).isEmpty();
    }

    @Test
    void an_index_makes_the_first_shard_be_fetched() {
        ByteBuffer index = json("""
                {"metadata": {"total_size": 3}, "weight_map": {"lm_head.weight": "model-00003-of-00003.safetensors"}}""");
        ReadAhead readAhead =
                ReadAheads.forFile(EntryName.of("model.safetensors.index.json"), index.remaining(), SETTINGS);
        assertThat(readAhead.wantedHeader()).isEqualTo(new ByteRange(0, index.remaining()));
        assertThat(readAhead.inspectHeader(index)).isEmpty();
        assertThat(readAhead.nextFile()).contains(new NextFile(FIRST, 16 * MIB));
        assertThat(readAhead.nextFile()).isEmpty();
        assertThat(readAhead.wantedHeader().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"weight_map\": {\"a\": \"../../model-00001-of-00003.safetensors\"}}",
                "{\"weight_map\": {\"a\": \"model.safetensors\"}}",
                "\0\u00ff\u00fe",
                "{"
            })
    void an_index_that_names_no_shard_beside_it_fetches_nothing(String text) {
        ByteBuffer index = json(text);
        ReadAhead readAhead =
                ReadAheads.forFile(EntryName.of("model.safetensors.index.json"), index.remaining(), SETTINGS);
        readAhead.inspectHeader(index);
        assertThat(readAhead.nextFile()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {2 * GIB, 256 * MIB})
    void the_reader_of_a_shard_finds_the_next_one_begun_and_never_more_than_its_window_ahead(long length) {
        ReadAhead first = ReadAheads.forFile(FIRST, length, SETTINGS);
        long begun = 0;
        for (long at = 0; at < length; at += MIB) {
            first.observe(new ByteRange(at, MIB));
            long before = begun;
            begun = first.nextFile()
                    .map(next -> {
                        assertThat(next.name()).isEqualTo(SECOND);
                        assertThat(next.bytes()).isGreaterThan(before);
                        return next.bytes();
                    })
                    .orElse(before);
            assertThat(begun + length - at - MIB)
                    .isLessThanOrEqualTo(
                            Math.max(length - at - MIB, SETTINGS.mostWindow().bytes()));
        }
        assertThat(begun).isEqualTo(SETTINGS.mostWindow().bytes());
    }

    @Test
    void a_loader_that_takes_tensors_in_any_order_finds_the_next_shard_begun() {
        Random random = new Random(11);
        SafetensorsFile file = SafetensorsFile.of(60, random);
        ReadAhead shard = ReadAheads.forFile(FIRST, file.lengthBytes(), SETTINGS);
        shard.observe(new ByteRange(0, 128 << 10));
        shard.inspectHeader(file.header());
        List<ByteRange> faults = file.mmapFaults(512 << 10, random);
        long begun = 0;
        for (ByteRange fault : faults.subList(0, faults.size() - 1)) {
            shard.observe(fault);
            begun = shard.nextFile().map(NextFile::bytes).orElse(begun);
        }
        assertThat(begun)
                .isBetween(
                        SETTINGS.mostOutstanding().bytes() - 16 * MIB,
                        SETTINGS.mostOutstanding().bytes());
    }

    @Test
    void random_readers_of_a_shard_leave_the_next_one_alone() {
        ReadAhead first = ReadAheads.forFile(FIRST, GIB, SETTINGS);
        List<ByteRange> pages = new ArrayList<>(Traces.random(GIB, 20_000, 4096, new Random(5)));
        Collections.shuffle(pages, new Random(5));
        for (ByteRange page : pages) {
            first.observe(page);
            assertThat(first.nextFile()).isEmpty();
        }
    }

    private static ByteBuffer json(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
