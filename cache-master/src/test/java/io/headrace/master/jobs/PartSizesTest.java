package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartSizesTest {
    @Test
    void no_file_has_more_parts_than_stores_take() {
        for (long bytes = 1; bytes <= PartSizes.LARGEST_FILE; bytes = bytes * 3 + 1) {
            long part = PartSizes.of(bytes).orElseThrow();
            int count = PartSizes.count(bytes, part);
            assertThat(count).as("%d bytes", bytes).isBetween(1, 10_000);
            assertThat(count * part).isGreaterThanOrEqualTo(bytes);
            assertThat((count - 1) * part).isLessThan(bytes);
        }
    }

    @Test
    void a_file_that_would_have_more_is_told_apart() {
        assertThat(PartSizes.of(PartSizes.LARGEST_FILE)).isPresent();
        assertThat(PartSizes.of(PartSizes.LARGEST_FILE + 1)).isEmpty();
    }
}
