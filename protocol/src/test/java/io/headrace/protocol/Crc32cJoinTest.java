package io.headrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Crc32cJoinTest {
    @Property
    void the_joined_sum_is_that_of_the_joined_bytes(
            @ForAll @Size(max = 300) byte[] first, @ForAll @Size(max = 300) byte[] second) {
        CRC32C both = new CRC32C();
        both.update(first);
        both.update(second);
        assertThat(new Crc32cJoin(second.length).join(crc(first), crc(second))).isEqualTo((int) both.getValue());
    }

    @Test
    void long_runs_join_too() {
        byte[] first = new byte[256 << 10];
        byte[] second = new byte[(256 << 10) - 7];
        first[17] = 3;
        second[99_999] = -4;
        CRC32C both = new CRC32C();
        both.update(first);
        both.update(second);
        assertThat(new Crc32cJoin(second.length).join(crc(first), crc(second))).isEqualTo((int) both.getValue());
    }

    @Test
    void a_negative_length_is_refused() {
        assertThatThrownBy(() -> new Crc32cJoin(-1)).hasMessageContaining("-1");
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
