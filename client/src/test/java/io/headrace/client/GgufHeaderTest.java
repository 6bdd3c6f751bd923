package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GgufHeaderTest {
    private static final long GIB = 1L << 30;
    private static final int MOST_LOOKS = 10;

    private final Random random = new Random(7);

    @Property(tries = 100)
    void finds_every_tensor(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int tensors,
            @ForAll @IntRange(min = 0, max = 2000) int words,
            @ForAll @IntRange(min = 3, max = 12) int alignmentBits) {
        GgufFile file = GgufFile.of(tensors, words, 1 << alignmentBits, new Random(seed));
        assertKnowsAllTensors(file, inspect(file));
    }

    @Test
    void finds_them_behind_a_vocabulary_of_several_windows() {
        GgufFile file = GgufFile.of(200, 600_000, 32, random);
        assertThat(file.header().limit()).isGreaterThan(2 * GgufHeader.WINDOW_BYTES);
        assertKnowsAllTensors(file, inspect(file));
    }

    @Test
    void a_long_array_of_numbers_is_passed_over_and_not_asked_for() {
        GgufFile.Bytes bytes = start(1, 1);
        bytes.string("numbers").int32(GgufFile.ARRAY).int32(GgufFile.INT64).int64(3 << 20);
        GgufHeader header = new GgufHeader(GIB);
        header.show(padded(bytes));
        assertThat(header.wanted().offset()).isGreaterThan(24 << 20);
    }

    @Test
    void a_header_without_tensors_is_still_gguf() {
        assertUnknownTensors(start(0, 0));
    }

    @Test
    void what_cannot_be_leaves_the_tensors_unknown() {
        assertUnknownTensors(start(Long.MAX_VALUE, 1));
        assertUnknownTensors(start(-1, 1));
        assertUnknownTensors(start(1, -1));
        assertUnknownTensors(start(1, Long.MAX_VALUE));
        assertUnknownTensors(start(1, 1).int64(Long.MAX_VALUE));
        assertUnknownTensors(start(1, 1).string("unknown type").int32(13).int64(0));
        assertUnknownTensors(
                start(1, 1).string("long string").int32(GgufFile.STRING).int64(-1));
        assertUnknownTensors(start(1, 1)
                .string("a")
                .int32(GgufFile.ARRAY)
                .int32(GgufFile.ARRAY)
                .int64(1));
        assertUnknownTensors(start(1, 1)
                .string("a")
                .int32(GgufFile.ARRAY)
                .int32(GgufFile.STRING)
                .int64(1L << 62));
        assertUnknownTensors(start(1, 1)
                .string("a")
                .int32(GgufFile.ARRAY)
                .int32(GgufFile.INT64)
                .int64(1L << 62));
        assertUnknownTensors(
                start(1, 1).string("general.alignment").int32(GgufFile.UINT32).int32(0));
        assertUnknownTensors(
                start(1, 1).string("general.alignment").int32(GgufFile.UINT32).int32(48));
        assertUnknownTensors(start(1, 0).string("w").int32(Integer.MAX_VALUE).int64(1));
        assertUnknownTensors(start(1, 0).string("w").int32(1).int64(1).int32(0).int64(7));
        assertUnknownTensors(start(1, 0).string("w").int32(1).int64(1).int32(0).int64(GIB));
        assertUnknownTensors(start(1, 0).string("w").int32(1).int64(1).int32(0).int64(-32));
    }

    @Test
    void a_file_that_ends_within_its_header_leaves_the_tensors_unknown() {
        GgufFile file = GgufFile.of(50, 1000, 32, random);
        for (int cut : new int[] {24, 25, 100, 5000, file.header().limit() - 1}) {
            GgufHeader header = new GgufHeader(cut);
            show(header, file::bytes);
            assertThat(header.format().knowsTensors()).isFalse();
        }
    }

    @Property(tries = 500)
    void any_bytes_are_looked_at_without_an_exception(@ForAll @Size(max = 400) byte[] bytes) {
        GgufHeader header = new GgufHeader(GIB);
        show(header, range -> bytes(bytes, range));
        assertThat(header.format().name()).isEqualTo("GGUF");
    }

    @Property(tries = 500)
    void a_damaged_header_yields_starts_inside_the_file_or_none(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int damages) {
        Random damaging = new Random(seed);
        GgufFile file = GgufFile.of(20, 30, 32, damaging);
        byte[] bytes = file.header().array().clone();
        for (int i = 0; i < damages; i++) {
            bytes[8 + damaging.nextInt(bytes.length - 8)] = (byte) damaging.nextInt();
        }
        GgufHeader header = new GgufHeader(file.lengthBytes());
        show(header, range -> bytes(bytes, range));
        FileFormat format = header.format();
        assertThat(format.startsWithin(0, file.lengthBytes() + 1))
                .isEqualTo(format.startsWithin(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static FileFormat inspect(GgufFile file) {
        HeaderInspector inspector = new HeaderInspector(file.lengthBytes());
        List<FileFormat> found = new ArrayList<>();
        for (int looks = 0; !inspector.wanted().isEmpty(); looks++) {
            assertThat(looks).isLessThan(MOST_LOOKS);
            inspector.inspect(file.bytes(inspector.wanted())).ifPresent(found::add);
        }
        return found.getLast();
    }

    private static void assertKnowsAllTensors(GgufFile file, FileFormat format) {
        assertThat(format.name()).isEqualTo("GGUF");
        assertThat(format.dataStart()).isEqualTo(file.tensors().getFirst().offset());
        assertThat(format.startsWithin(0, file.lengthBytes()))
                .isEqualTo(file.tensors().size());
        for (ByteRange tensor : file.tensors()) {
            assertThat(format.startsWithin(tensor.offset(), tensor.offset() + 1))
                    .isOne();
        }
    }

    private static void assertUnknownTensors(GgufFile.Bytes bytes) {
        GgufHeader header = new GgufHeader(GIB);
        show(header, range -> bytes(bytes.buffer().array(), range));
        assertThat(header.format().knowsTensors()).isFalse();
        assertThat(header.format().name()).isEqualTo("GGUF");
    }

    private static void show(GgufHeader header, Function<ByteRange, ByteBuffer> file) {
        for (int looks = 0; !header.wanted().isEmpty(); looks++) {
            assertThat(looks).isLessThan(MOST_LOOKS);
            assertThat(header.wanted().end()).isLessThanOrEqualTo(GgufHeader.MOST_BYTES);
            header.show(file.apply(header.wanted()));
        }
    }

    private static GgufFile.Bytes start(long tensors, long pairs) {
        return new GgufFile.Bytes().raw("GGUF").int32(3).int64(tensors).int64(pairs);
    }

    private static ByteBuffer padded(GgufFile.Bytes bytes) {
        return bytes(bytes.buffer().array(), new ByteRange(0, GgufHeader.WINDOW_BYTES));
    }

    /** A part of a file that begins so and goes on with zeros. */
    private static ByteBuffer bytes(byte[] start, ByteRange range) {
        ByteBuffer part = ByteBuffer.allocate((int) range.length());
        int from = (int) Math.min(start.length, range.offset());
        int to = (int) Math.min(start.length, range.end());
        return part.put(start, from, to - from).clear();
    }
}
