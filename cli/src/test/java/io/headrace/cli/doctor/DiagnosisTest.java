package io.headrace.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.doctor.Diagnosis.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    private static final Diagnosis MIXED = new Diagnosis(List.of(
            new Line("kernel", Finding.good("Linux 6.18")),
            new Line("/dev/fuse", Finding.broken("does not exist", "modprobe fuse")),
            new Line("memory", Finding.slow("little \"memory\"", "more"))));

    @Test
    void the_worst_finding_is_the_verdict() {
        assertThat(MIXED.worst()).isEqualTo(Verdict.BROKEN);
    }

    @Test
    void text_has_a_line_a_check_and_a_line_a_fix() {
        assertThat(MIXED.asText().lines().map(String::stripTrailing))
                .containsExactly(
                        "ok      kernel            Linux 6.18",
                        "broken  /dev/fuse         does not exist",
                        "                          fix: modprobe fuse",
                        "slow    memory            little \"memory\"",
                        "                          fix: more");
    }

    @Test
    void json_is_one_line_and_quotes_what_needs_it() {
        assertThat(MIXED.asJson())
                .startsWith("{\"verdict\": \"broken\", \"checks\": [{\"subject\": \"kernel\"")
                .contains("\"seen\": \"little \\\"memory\\\"\"")
                .doesNotContain("\n");
    }
}
