package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void the_page_of_exit_codes_lists_each_with_its_meaning() throws IOException {
        List<String> rows = Files.readAllLines(Checkout.root().resolve("docs/exit-codes.md")).stream()
                .filter(line -> line.matches("\\| \\d.*"))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> "| %d | %s | %s |".formatted(code.status(), code.name(), code.meaning()))
                        .toList());
    }

    @Test
    void no_two_codes_have_one_status() {
        assertThat(ExitCode.values()).extracting(ExitCode::status).doesNotHaveDuplicates();
    }
}
