package io.headrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SafetensorsFileTest {
    private static final SafetensorsFile FILE = SafetensorsFile.of("model.safetensors", 200_000_000);

    @Test
    void the_header_names_tensors_that_cover_all_data() {
        byte[] start = bytes(0, 4096);
        int header = (int) ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String json = new String(start, Long.BYTES, header, StandardCharsets.US_ASCII).strip();

        assertThat(json).startsWith("{\"__metadata__\"").endsWith("}").contains("\"layers.2.weight\"");
        assertThat(FILE.parts()).hasSize(4).extracting(ByteRange::offset).startsWith(0L, 4096L);
        assertThat(FILE.parts().getLast().end()).isEqualTo(FILE.lengthBytes());
    }

    @Property(tries = 200)
    void any_piece_is_the_same_as_that_piece_of_the_whole(
            @ForAll @IntRange(max = 30_000) int offset, @ForAll @IntRange(min = 1, max = 5_000) int length) {
        byte[] whole = bytes(0, 40_000);

        assertThat(ByteBuffer.wrap(bytes(offset, length))).isEqualTo(ByteBuffer.wrap(whole, offset, length));
    }

    private static byte[] bytes(long offset, int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        FILE.fill(offset, buffer);
        return buffer.array();
    }
}
