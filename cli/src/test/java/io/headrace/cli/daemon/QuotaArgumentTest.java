package io.headrace.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headrace.store.Quota;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaArgumentTest {
    private static final long GIB = 1L << 30;
    private static final List<OriginArgument> ONE = OriginArgument.parse(List.of("s3://a/x"));
    private static final List<OriginArgument> TWO =
            OriginArgument.parse(List.of("s3://a/x=weights", "s3://b/y=data/new"));

    @Test
    void a_size_a_number_of_files_or_both() {
        assertThat(QuotaArgument.parse("10GiB")).isEqualTo(new QuotaArgument("", new Quota(10 * GIB, Long.MAX_VALUE)));
        assertThat(QuotaArgument.parse("data=1GiB:5000")).isEqualTo(new QuotaArgument("data", new Quota(GIB, 5000)));
        assertThat(QuotaArgument.parse(":7").quota()).isEqualTo(new Quota(Long.MAX_VALUE, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "x=", "0", "1GiB:0", "1GiB:-1", "1GiB:many", "much", "data=1GiB:1:2"})
    void what_is_no_limit_is_refused_and_says_how_to_write_one(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaArgument.parse(text))
                .withMessageContainingAll("--quota", "data=10GiB:5000", "\"" + text + "\"");
    }

    @Test
    void belongs_to_the_one_origin_or_to_that_in_the_subdirectory() {
        assertThat(QuotaArgument.apply(List.of("1GiB"), ONE).getFirst().quota().bytes())
                .isEqualTo(GIB);
        List<OriginArgument> limited = QuotaArgument.apply(List.of("data/new=1GiB"), TWO);
        assertThat(limited)
                .extracting(OriginArgument::uri)
                .isEqualTo(TWO.stream().map(OriginArgument::uri).toList());
        assertThat(limited)
                .extracting(OriginArgument::quota)
                .containsExactly(Quota.NONE, new Quota(GIB, Long.MAX_VALUE));
        assertThat(QuotaArgument.apply(List.of(), TWO)).isEqualTo(TWO);
    }

    @Test
    void one_that_belongs_to_no_origin_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaArgument.apply(List.of("dta=1GiB"), TWO))
                .withMessageContainingAll("dta=1GiB", "weights", "data/new");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaArgument.apply(List.of("1GiB"), TWO))
                .withMessageContaining("SUBDIRECTORY=SIZE");
    }
}
