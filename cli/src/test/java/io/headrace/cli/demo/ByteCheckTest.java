package io.headrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ByteCheckTest {
    private static final SafetensorsFile FILE = SafetensorsFile.of("model.safetensors", 200_000);

    private final ByteCheck check = new ByteCheck(FILE);

    @Test
    void right_bytes_in_any_pieces_are_right() {
        byte[] all = all();
        check.next(ByteBuffer.wrap(all, 0, 70_001));
        check.next(ByteBuffer.wrap(all, 70_001, all.length - 70_001));

        assertThat(check.wrongBytes()).isZero();
    }

    @Test
    void each_changed_byte_counts() {
        byte[] all = all();
        all[5]++;
        all[150_000]++;
        check.next(ByteBuffer.wrap(all));

        assertThat(check.wrongBytes()).isEqualTo(2);
    }

    @Test
    void missing_bytes_count() {
        check.next(ByteBuffer.wrap(all(), 0, 1_000));

        assertThat(check.wrongBytes()).isEqualTo(FILE.lengthBytes() - 1_000);
    }

    @Test
    void bytes_past_the_end_count() {
        check.next(ByteBuffer.wrap(all()));
        check.next(ByteBuffer.allocate(7));

        assertThat(check.wrongBytes()).isEqualTo(7);
    }

    private static byte[] all() {
        ByteBuffer buffer = ByteBuffer.allocate((int) FILE.lengthBytes());
        FILE.fill(0, buffer);
        return buffer.array();
    }
}
