package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine =
            Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    static Stream<String> commands() {
        return Main.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_and_all_that_it_takes_is_described(String name) {
        CommandLine command =
                Objects.requireNonNull(commandLine.getSubcommands().get(name));
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
        assertThat(command.getCommandSpec().options())
                .allSatisfy(option -> assertThat(option.description())
                        .as(option.longestName())
                        .isNotEmpty())
                .extracting(OptionSpec::longestName)
                .contains("--help");
        assertThat(command.getCommandSpec().positionalParameters())
                .extracting(PositionalParamSpec::description)
                .allSatisfy(description -> assertThat(description).isNotEmpty());
    }

    @Test
    void a_migrate_without_a_cluster_says_what_to_start() {
        assertThat(commandLine.execute("migrate", "/source", "/target")).isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("--master HOST:PORT", "headrace cluster start");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_itself(String name) {
        assertThat(commandLine.execute(name, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: headrace ");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_is_the_same_without_the_others(String name) {
        CommandLine alone =
                Objects.requireNonNull(Main.commandLine(name).getSubcommands().get(name));
        CommandLine amongAll =
                Objects.requireNonNull(commandLine.getSubcommands().get(name));
        assertThat(alone.getUsageMessage()).isEqualTo(amongAll.getUsageMessage());
    }

    @Test
    void a_named_command_comes_alone() {
        assertThat(Main.commandLine("mount", "--help").getSubcommands()).containsOnlyKeys("mount");
    }

    @Test
    void an_unknown_command_names_the_nearest_one() {
        assertThat(commandLine.execute("mont")).isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).startsWith("headrace: ").contains("'mont'", "mount", "headrace --help");
    }

    @Test
    void an_unknown_option_names_the_commands_help() {
        assertThat(commandLine.execute("mount", "--cach=/c", "file:///a", "/b")).isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("--cach", "--cache", "headrace mount --help");
    }

    @Test
    void no_command_at_all_is_wrong_usage() {
        assertThat(commandLine.execute()).isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("headrace --help");
    }

    @Test
    void a_fallback_to_the_origin_without_a_cluster_is_wrong_usage() {
        assertThat(commandLine.execute("mount", "--origin-fallback", "file:///a", "/nowhere"))
                .isEqualTo(ExitCode.USAGE.status());
    }

    @Test
    void a_mount_without_an_origin_is_wrong_usage() {
        assertThat(commandLine.execute("mount", "/mnt")).isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("ORIGIN");
    }

    @Test
    void tells_its_version() {
        assertThat(commandLine.execute("--version")).isZero();
        assertThat(out.toString()).matches("headrace \\d+\\.\\d+\\.\\d+\\S*\\R");
    }
}
