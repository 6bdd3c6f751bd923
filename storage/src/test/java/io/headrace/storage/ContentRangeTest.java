package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.VersionTag.EntityTag;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ContentRangeTest {
    private static final FileVersion FILE =
            new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("model"), 100, new EntityTag("\"1\""));
    private static final ByteRange RANGE = new ByteRange(10, 20);

    @Test
    void what_was_asked_for_is_taken() {
        assertThatCode(() -> check("bytes 10-29/100")).doesNotThrowAnyException();
        assertThatCode(() -> check("bytes 10-29/*")).doesNotThrowAnyException();
    }

    @Test
    void a_range_that_ends_before_it_begins_is_a_broken_answer() {
        assertThatThrownBy(() -> check("bytes 29-10/100"))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("bytes 29-10/100");
    }

    @Property
    void whatever_the_header_says_it_is_what_was_asked_for_or_an_origins_failure(
            @ForAll @From("headers") String header) {
        try {
            check(header);
            assertThat(header).matches("bytes 10-29/(100|\\*)");
        } catch (OriginException refused) {
            assertThat(refused).hasMessageContaining("reading x");
        }
    }

    @Provide
    Arbitrary<String> headers() {
        Arbitrary<String> number = Arbitraries.oneOf(
                Arbitraries.of("10", "29", "100", "*", "-1", ""),
                Arbitraries.bigIntegers().map(String::valueOf),
                Arbitraries.strings().ofMaxLength(3));
        return number.list().ofSize(3).map(parts -> "bytes " + parts.get(0) + "-" + parts.get(1) + "/" + parts.get(2));
    }

    private static void check(String header) throws OriginException {
        new ContentRange(Optional.of(header), Optional.empty()).check("reading x", FILE, RANGE);
    }
}
