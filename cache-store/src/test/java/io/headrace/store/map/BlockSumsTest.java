package io.headrace.store.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockSumsTest {
    private static final int PART = BlockSums.PART_BYTES;
    private static final byte[] BYTES = new byte[3 * PART + 1000];

    static {
        new Random(7).nextBytes(BYTES);
    }

    private final BlockSums sums = new BlockSums(
            BYTES.length, new int[] {crc(0, PART), crc(0, 2 * PART), crc(0, 3 * PART), crc(0, BYTES.length)});

    @Test
    void the_whole_is_the_sum_of_all_bytes() {
        assertThat(sums.whole()).isEqualTo(crc(0, BYTES.length));
    }

    @ParameterizedTest
    @CsvSource({"0,262144", "0,524288", "262144,524288", "262144,787432", "786432,787432"})
    void a_run_of_whole_parts_has_a_sum(int from, int to) {
        assertThat(sums.of(ByteRange.between(from, to))).hasValue(crc(from, to));
    }

    @ParameterizedTest
    @CsvSource({"0,100", "100,262144", "0,262145", "786432,787431", "0,1048576", "262144,262144"})
    void any_other_has_none(int from, int to) {
        assertThat(sums.of(ByteRange.between(from, to))).isEmpty();
    }

    private static int crc(int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(BYTES, from, to - from);
        return (int) crc.getValue();
    }
}
