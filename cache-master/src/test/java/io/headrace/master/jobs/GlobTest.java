package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.Bytes;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GlobTest {
    @Example
    void a_pattern_without_a_slash_is_for_the_last_name() {
        assertThat(matches("*.bin", "a.bin")).isTrue();
        assertThat(matches("*.bin", "deep/er/a.bin")).isTrue();
        assertThat(matches("*.bin", "a.bin/b")).isFalse();
        assertThat(matches("a?c", "x/abc")).isTrue();
        assertThat(matches("a?c", "x/ac")).isFalse();
    }

    @Example
    void a_pattern_with_a_slash_is_for_the_whole_key() {
        assertThat(matches("/*.bin", "a.bin")).isTrue();
        assertThat(matches("/*.bin", "deep/a.bin")).isFalse();
        assertThat(matches("deep/*", "deep/a")).isTrue();
        assertThat(matches("deep/*", "deep/er/a")).isFalse();
        assertThat(matches("deep/", "deep/er/a")).isTrue();
        assertThat(matches("deep/", "more/deep/a")).isFalse();
    }

    @Example
    void two_stars_go_over_folders_and_a_slash_behind_them_may_be_none() {
        assertThat(matches("**/tmp/", "tmp/a")).isTrue();
        assertThat(matches("**/tmp/", "x/y/tmp/a")).isTrue();
        assertThat(matches("**/tmp/", "x/nottmp/a")).isFalse();
        assertThat(matches("a/**/b", "a/b")).isTrue();
        assertThat(matches("a/**/b", "a/x/y/b")).isTrue();
        assertThat(matches("a/**", "a/x/y")).isTrue();
    }

    @Example
    void a_set_is_one_character() {
        assertThat(matches("part-[0-9].bin", "part-7.bin")).isTrue();
        assertThat(matches("part-[0-9].bin", "part-x.bin")).isFalse();
        assertThat(matches("part-[!0-9].bin", "part-x.bin")).isTrue();
        assertThat(matches("[]-]", "-")).isTrue();
        assertThat(matches("[]-]", "]")).isTrue();
        assertThat(matches("a[!b]c", "a/c")).isFalse();
    }

    @Example
    void a_backslash_takes_the_next_as_it_is() {
        assertThat(matches("\\*", "*")).isTrue();
        assertThat(matches("\\*", "a")).isFalse();
    }

    @Example
    void a_key_that_is_not_utf8_matches_by_its_bytes() {
        Bytes key = Bytes.copyOf(new byte[] {'a', (byte) 0xff, 'b'});
        assertThat(Glob.parse("a?b").matches(key)).isTrue();
        assertThat(Glob.parse("a??b").matches(key)).isFalse();
    }

    @Example
    void what_is_no_pattern_is_said_to_be_none() {
        for (String wrong : List.of("", "[a", "a\\", "x".repeat(1001))) {
            assertThatThrownBy(() -> Glob.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("glob");
        }
    }

    @Property
    void agrees_with_a_regular_expression(@ForAll("patterns") String pattern, @ForAll("keys") String key) {
        assertThat(matches("/" + pattern, key))
                .as("%s of %s", pattern, key)
                .isEqualTo(Pattern.matches(expression(pattern), key));
    }

    /** The same by other means, for patterns of letters, stars, question marks and slashes. */
    private static String expression(String pattern) {
        String whole = pattern.endsWith("/") ? pattern + "**" : pattern;
        StringBuilder expression = new StringBuilder();
        for (int at = 0; at < whole.length(); ) {
            int end = at;
            while (end < whole.length() && whole.charAt(end) == '*') {
                end++;
            }
            boolean folders = end - at > 1
                    && (at == 0 || whole.charAt(at - 1) == '/')
                    && end < whole.length()
                    && whole.charAt(end) == '/';
            if (end > at) {
                expression.append(folders ? "(?:.*/)?" : end - at > 1 ? ".*" : "[^/]*");
                at = folders ? end + 1 : end;
            } else {
                expression.append(whole.charAt(at) == '?' ? "[^/]" : String.valueOf(whole.charAt(at)));
                at++;
            }
        }
        return expression.toString();
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings()
                .withChars("ab*?/")
                .ofMinLength(1)
                .ofMaxLength(8)
                .filter(text -> !text.startsWith("/"));
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.strings().withChars("ab/").ofMaxLength(8);
    }

    private static boolean matches(String pattern, String key) {
        return Glob.parse(pattern).matches(Bytes.utf8(key));
    }
}
