package io.headrace.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class EditDistanceTest {
    @Test
    void counts_replaced_added_and_removed_characters() {
        assertThat(EditDistance.between("kitten", "sitting")).isEqualTo(3);
        assertThat(EditDistance.between("", "abc")).isEqualTo(3);
        assertThat(EditDistance.between("abc", "")).isEqualTo(3);
    }

    @Property
    void is_a_metric(
            @ForAll @AlphaChars @StringLength(max = 8) String a,
            @ForAll @AlphaChars @StringLength(max = 8) String b,
            @ForAll @AlphaChars @StringLength(max = 8) String c) {
        assertThat(EditDistance.between(a, b) == 0).isEqualTo(a.equals(b));
        assertThat(EditDistance.between(a, b)).isEqualTo(EditDistance.between(b, a));
        assertThat(EditDistance.between(a, c))
                .isLessThanOrEqualTo(EditDistance.between(a, b) + EditDistance.between(b, c));
    }
}
