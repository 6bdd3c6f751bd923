package io.headrace.cli.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.Main;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private final CommandTexts root = new CommandTexts(Main.commandLine());
    private final Map<String, String> files = Reference.files(Main.commandLine());

    @Test
    void every_shell_completes_every_subcommand_and_option() {
        List<String> completions = List.of(
                content("bash-completion/completions/headrace"),
                content("zsh/site-functions/_headrace"),
                content("fish/vendor_completions.d/headrace.fish"));

        assertThat(root.subcommands()).isNotEmpty();
        for (CommandTexts command : root.subcommands()) {
            assertThat(completions).allSatisfy(text -> assertThat(text).contains(command.name()));
        }
        assertThat(completions).allSatisfy(text -> assertThat(text).contains("no-passthrough"));
    }

    @Test
    void every_command_has_a_manual_page_with_its_options_and_exit_codes() {
        for (CommandTexts command : root.subcommands()) {
            assertThat(content("man/man1/" + command.manualName() + ".1"))
                    .contains(".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH EXIT STATUS")
                    .contains(command.name());
        }
        assertThat(content("man/man1/headrace-mount.1")).contains("\\-\\-cache DIR[:SIZE]");
    }

    @Test
    void no_line_of_a_manual_page_becomes_a_request_by_accident() {
        assertThat(content("man/man1/headrace.1").lines())
                .filteredOn(line -> line.startsWith("."))
                .allMatch(line -> line.matches("\\.(TH|SH|TP|B|nf|fi|nh|ad)( .*)?"));
    }

    private String content(String path) {
        return files.getOrDefault(path, "there is no " + path);
    }
}
