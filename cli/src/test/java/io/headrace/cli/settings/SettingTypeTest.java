package io.headrace.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.headrace.protocol.ByteSize;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypeTest {
    private record Absent(Optional<ByteSize> size) {}

    private static final RecordComponent OPTIONAL_SIZE = Absent.class.getRecordComponents()[0];

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "10s,PT10S", "5m,PT5M", "2h,PT2H", "1d,PT24H", "0s,PT0S", "7 s,PT7S"})
    void reads_durations(String text, Duration expected) {
        assertThat(SettingType.parse(Duration.class, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "s", "-1s", "1.5s", "1w", "", "9223372036854775807d", "99999999999999999999s"})
    void refuses_what_is_no_duration_and_says_how_to_write_one(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingType.parse(Duration.class, text))
                .withMessageContainingAll("\"" + text + "\"", "500ms");
    }

    @Test
    void reads_sizes_numbers_flags_and_texts() {
        assertThat(SettingType.parse(ByteSize.class, " 512MiB ")).isEqualTo(ByteSize.ofMebibytes(512));
        assertThat(SettingType.parse(int.class, "-1")).isEqualTo(-1);
        assertThat(SettingType.parse(boolean.class, "true")).isEqualTo(true);
        assertThat(SettingType.parse(boolean.class, "false")).isEqualTo(false);
        assertThat(SettingType.parse(String.class, "0444")).isEqualTo("0444");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "TRUE", "1", ""})
    void a_flag_is_true_or_false_and_nothing_else(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingType.parse(boolean.class, text))
                .withMessageContaining("true nor false");
    }

    private enum Choice {
        ONE,
        ANOTHER_ONE
    }

    @Test
    void a_choice_is_written_in_lower_case_and_others_are_refused_with_those_there_are() {
        assertThat(SettingType.parse(Choice.class, "another-one")).isEqualTo(Choice.ANOTHER_ONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingType.parse(Choice.class, "ONE"))
                .withMessageContainingAll("\"ONE\"", "one, another-one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "8 threads", "2147483648", ""})
    void refuses_what_is_no_whole_number(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SettingType.parse(int.class, text))
                .withMessageContaining("\"" + text + "\"");
    }

    @Test
    void a_tilde_is_the_users_home() {
        Path home = Path.of(System.getProperty("user.home"));
        assertThat(SettingType.parse(Path.class, "~/cache")).isEqualTo(home.resolve("cache"));
        assertThat(SettingType.parse(Path.class, "~")).isEqualTo(home);
        assertThat(SettingType.parse(Path.class, "/a/~/b")).isEqualTo(Path.of("/a/~/b"));
    }

    @Test
    void what_may_be_absent_is_when_its_text_is_empty() {
        Type type = OPTIONAL_SIZE.getGenericType();
        assertThat(SettingType.parse(type, " ")).isEqualTo(Optional.empty());
        assertThat(SettingType.parse(type, "1KiB")).isEqualTo(Optional.of(new ByteSize(1024)));
        assertThat(SettingType.describe(type)).contains("may be empty");
    }

    @Test
    void a_type_that_no_setting_can_have_is_a_fault_of_the_program() {
        assertThatIllegalStateException().isThrownBy(() -> SettingType.parse(long.class, "1"));
    }
}
