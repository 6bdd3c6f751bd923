package io.headrace.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    @Test
    void the_page_of_settings_is_what_the_command_prints() throws IOException {
        assertThat(Files.readString(Checkout.root().resolve("docs/settings.md")))
                .as("docs/settings.md is generated; make it anew with: bin/headrace settings > docs/settings.md")
                .isEqualTo(SettingsReference.markdown());
    }

    @Test
    void names_every_key_with_its_variable_and_default() {
        String reference = SettingsReference.markdown();
        for (SettingKey key : Settings.keys()) {
            assertThat(reference)
                    .contains("| `" + key.name() + "` | `" + key.environmentVariable() + "` |")
                    .contains(key.description());
        }
    }

    @Test
    void every_row_of_the_table_has_five_cells() {
        assertThat(SettingsReference.markdown().lines().filter(line -> line.startsWith("|")))
                .hasSize(Settings.keys().size() + 2)
                .allSatisfy(row -> assertThat(row.split("(?<!\\\\)\\|", -1)).hasSize(7));
    }
}
