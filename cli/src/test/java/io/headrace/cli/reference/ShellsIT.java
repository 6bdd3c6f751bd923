package io.headrace.cli.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.cli.Main;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shells themselves complete, and {@code man} shows every page; {@code dev/install-test-parts} brings them. */
class ShellsIT {
    private static final long SECONDS = 60;

    @TempDir
    static Path folder;

    private static Path work;

    /** A shell, and how it is asked what it offers for a line. */
    enum Shell {
        BASH {
            @Override
            List<String> command(String line) throws IOException {
                return List.of(
                        "bash",
                        "--norc",
                        script("complete.bash"),
                        reference("bash-completion/completions/headrace"),
                        line);
            }
        },
        ZSH {
            @Override
            List<String> command(String line) throws IOException {
                return List.of("zsh", "-f", script("complete.zsh"), reference("zsh/site-functions"), line);
            }
        },
        FISH {
            @Override
            List<String> command(String line) {
                String completions = reference("fish/vendor_completions.d/headrace.fish");
                return List.of("fish", "--no-config", "-c", "source '" + completions + "'; complete -C '" + line + "'");
            }
        };

        abstract List<String> command(String line) throws IOException;

        /** Without descriptions, and without the slash that tells a directory. */
        List<String> offers(String line) throws IOException, InterruptedException {
            return run(command(line))
                    .lines()
                    .map(offer -> offer.split("\t", 2)[0].replaceFirst("/$", ""))
                    .distinct()
                    .toList();
        }
    }

    @BeforeAll
    static void writeReference() throws IOException {
        Reference.main(new String[] {folder.resolve("share").toString()});
        work = Files.createDirectories(folder.resolve("work"));
        Files.createDirectories(work.resolve("models/deep"));
        Files.createFile(work.resolve("models/a.bin"));
        Path command =
                Files.writeString(Files.createDirectories(folder.resolve("bin")).resolve("headrace"), "#!/bin/sh\n");
        assertThat(command.toFile().setExecutable(true)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void offers_every_command_and_the_one_that_was_begun(Shell shell) throws Exception {
        assertThat(shell.offers("headrace ")).contains("mount", "bench", "settings");
        assertThat(shell.offers("headrace mo")).containsExactly("mount");
        assertThat(shell.offers("headrace --verbose mo")).containsExactly("mount");
    }

    @ParameterizedTest
    @EnumSource
    void offers_a_commands_own_options_under_all_its_names(Shell shell) throws Exception {
        assertThat(shell.offers("headrace mount --no")).containsExactly("--no-passthrough");
        assertThat(shell.offers("headrace umount --la")).containsExactly("--lazy");
        assertThat(shell.offers("headrace unmount --la")).containsExactly("--lazy");
        assertThat(shell.offers("headrace bench --no")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void offers_what_the_value_of_an_option_may_be(Shell shell) throws Exception {
        assertThat(shell.offers("headrace status --output ")).containsExactlyInAnyOrder("text", "json");
        assertThat(shell.offers("headrace mount --read-ahead ")).containsExactlyInAnyOrder("on", "off");
        assertThat(shell.offers("headrace bench --pattern r")).containsExactly("random");
    }

    @ParameterizedTest
    @EnumSource
    void offers_what_an_argument_may_be(Shell shell) throws Exception {
        assertThat(shell.offers("headrace cache re")).containsExactly("remove");
    }

    @ParameterizedTest
    @EnumSource
    void offers_what_is_below_a_command(Shell shell) throws Exception {
        assertThat(shell.offers("headrace cluster sta")).containsExactlyInAnyOrder("start", "status");
        assertThat(shell.offers("headrace cluster start --wo")).containsExactly("--workers");
        assertThat(shell.offers("headrace cluster status --wo")).isEmpty();
        assertThat(shell.offers("headrace token key cr")).containsExactly("create");
        assertThat(shell.offers("headrace token create --ten")).containsExactly("--tenant");
        assertThat(shell.offers("headrace worker dr")).containsExactly("drain");
        assertThat(shell.offers("headrace worker --no-dr")).containsExactly("--no-drain-on-stop");
    }

    @ParameterizedTest
    @EnumSource
    void offers_paths_where_a_path_is_wanted(Shell shell) throws Exception {
        assertThat(shell.offers("headrace mount s3://bucket/x mod")).containsExactly("models");
        assertThat(shell.offers("headrace mount --cache mod")).containsExactly("models");
        assertThat(shell.offers("headrace mount --settings mod")).containsExactly("models");
        assertThat(shell.offers("headrace load mod")).containsExactly("models");
        assertThat(shell.offers("headrace load models/"))
                .extracting(offer -> offer.replaceFirst("^models/", ""))
                .containsExactlyInAnyOrder("a.bin", "deep");
    }

    static Stream<String> pages() {
        return Reference.files(Main.commandLine()).keySet().stream().filter(path -> path.startsWith("man/"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void man_shows_a_page_without_a_warning(String page) throws Exception {
        String shown = run(List.of("man", "--warnings", "--encoding=UTF-8", "--pager=cat", "-l", reference(page)));
        assertThat(shown).contains("NAME", "SYNOPSIS", "EXIT STATUS").doesNotContain("warning", reference(page));
    }

    @Test
    void what_a_page_shows_can_be_copied_into_a_shell() throws Exception {
        assertThat(run(List.of("man", "--encoding=UTF-8", "--pager=cat", "-l", reference("man/man1/headrace-mount.1"))))
                .contains("~/.cache/headrace", "--read-ahead on|off", "'headrace umount DIR'");
    }

    private static String reference(String path) {
        return folder.resolve("share").resolve(path).toString();
    }

    private static String script(String name) throws IOException {
        Path script = folder.resolve(name);
        if (!Files.exists(script)) {
            try (InputStream content = Objects.requireNonNull(ShellsIT.class.getResourceAsStream(name))) {
                Files.copy(content, script);
            }
        }
        return script.toString();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("HOME", work.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("MANWIDTH", "200");
        Process process = builder.start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end: " + Files.readString(output));
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
