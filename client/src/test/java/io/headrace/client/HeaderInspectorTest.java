package io.headrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderInspectorTest {
    private static final long GIB = 1L << 30;

    @Test
    void recognises_safetensors_in_two_looks() {
        SafetensorsFile file = SafetensorsFile.of(10, new Random(1));
        HeaderInspector inspector = new HeaderInspector(file.lengthBytes());
        assertThat(inspector.wanted()).isEqualTo(new ByteRange(0, 16));
        assertThat(inspector.inspect(file.header().slice(0, 16))).isEmpty();
        assertThat(inspector.wanted()).isEqualTo(new ByteRange(0, file.header().limit()));
        FileFormat format = inspector.inspect(file.header()).orElseThrow();
        assertThat(format.name()).isEqualTo("safetensors");
        assertThat(format.dataStart()).isEqualTo(file.header().limit());
        assertThat(format.startsWithin(0, file.lengthBytes())).isEqualTo(10);
        assertThat(format.tensorEnd(file.tensors().get(3).offset() + 5, -1))
                .isEqualTo(file.tensors().get(3).end());
        assertThat(inspector.wanted().isEmpty()).isTrue();
    }

    @Test
    void recognises_it_at_once_when_the_whole_header_is_shown() {
        SafetensorsFile file = SafetensorsFile.of(10, new Random(1));
        assertThat(new HeaderInspector(file.lengthBytes()).inspect(file.header()))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 255})
    void knows_gguf_of_other_versions_by_its_magic_alone(int version) {
        FileFormat format = new HeaderInspector(GIB).inspect(gguf(version)).orElseThrow();
        assertThat(format.name()).isEqualTo("GGUF");
        assertThat(format.knowsTensors()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void wants_to_see_more_of_a_gguf_header(int version) {
        HeaderInspector inspector = new HeaderInspector(GIB);
        assertThat(inspector.inspect(gguf(version))).isEmpty();
        assertThat(inspector.wanted()).isEqualTo(new ByteRange(0, GgufHeader.WINDOW_BYTES));
    }

    @Test
    void too_few_bytes_tell_nothing_and_are_asked_for_again() {
        HeaderInspector inspector = new HeaderInspector(GIB);
        assertThat(inspector.inspect(ByteBuffer.allocate(15))).isEmpty();
        assertThat(inspector.wanted()).isEqualTo(new ByteRange(0, 16));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, GIB, Long.MAX_VALUE, Long.MIN_VALUE})
    void a_header_length_that_cannot_be_makes_an_unknown_file(long headerBytes) {
        HeaderInspector inspector = new HeaderInspector(GIB);
        assertThat(inspector.inspect(start(headerBytes))).isEmpty();
        assertThat(inspector.wanted().isEmpty()).isTrue();
    }

    @Test
    void a_header_that_is_too_long_to_look_at_is_still_safetensors() {
        HeaderInspector inspector = new HeaderInspector(GIB);
        FileFormat format = inspector.inspect(start(64 << 20)).orElseThrow();
        assertThat(format.knowsTensors()).isFalse();
        assertThat(format.dataStart()).isEqualTo((64 << 20) + 8);
        assertThat(inspector.wanted().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data_offsets\"",
                "{\"data_offsets\":",
                "{\"data_offsets\":[",
                "{\"data_offsets\":[1",
                "{\"data_offsets\":[1,",
                "{\"data_offsets\":[-1,5]}",
                "{\"data_offsets\":[5,1]}",
                "{\"data_offsets\":[0,99999999999]}",
                "{\"data_offsets\":[0,99999999999999999999999]}",
                "{\"data_offsets\":{\"data_offsets\":[]}}",
                "{\"a\\"
            })
    void malformed_json_makes_an_unknown_file(String json) {
        assertThat(inspect(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void whitespace_and_the_key_inside_other_strings_are_no_trouble() {
        String json = "{ \"__metadata__\": {\"x\": \"\\\"data_offsets\\\":[7,1]\", \"y\":\"data_offsets\"},\n"
                + " \"w\": {\"data_offsets\" :\t[ 0 , 16 ] } }";
        FileFormat format = inspect(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        assertThat(format.startsWithin(0, GIB)).isOne();
    }

    @Property(tries = 2000)
    void any_bytes_are_looked_at_without_an_exception(@ForAll @Size(max = 400) byte[] bytes) {
        assertThatCode(() -> inspect(bytes)).doesNotThrowAnyException();
        assertThatCode(() -> new HeaderInspector(GIB).inspect(ByteBuffer.wrap(bytes)))
                .doesNotThrowAnyException();
    }

    @Property(tries = 1000)
    void a_damaged_header_is_looked_at_without_an_exception(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int damages) {
        Random random = new Random(seed);
        SafetensorsFile file = SafetensorsFile.of(20, random);
        byte[] bytes = file.header().array().clone();
        for (int i = 0; i < damages; i++) {
            bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
        }
        HeaderInspector inspector = new HeaderInspector(file.lengthBytes());
        inspector
                .inspect(ByteBuffer.wrap(bytes))
                .ifPresent(format -> assertThat(format.startsWithin(0, file.lengthBytes() + 1))
                        .isBetween(1, 21));
        assertThat(inspector.wanted().isEmpty()).isTrue();
    }

    private static Optional<FileFormat> inspect(byte[] json) {
        ByteBuffer head = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(json.length).put(json).flip();
        return new HeaderInspector(GIB).inspect(head);
    }

    private static ByteBuffer gguf(int version) {
        ByteBuffer head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return head.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(version)
                .clear();
    }

    private static ByteBuffer start(long headerBytes) {
        ByteBuffer head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return head.putLong(headerBytes).put((byte) '{').clear();
    }
}
