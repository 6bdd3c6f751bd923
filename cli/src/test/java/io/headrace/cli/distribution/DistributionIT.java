package io.headrace.cli.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks what {@code package} made, and uses it as its user does. */
class DistributionIT {
    @TempDir
    static Path folder;

    private static Path home;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            Path archive = built.filter(path -> path.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the build made no target/headrace-*.tar.gz"));
            assertThat(run(Map.of(), "tar", "xf", archive.toAbsolutePath().toString(), "-C", folder.toString())
                            .status())
                    .isZero();
        }
        try (Stream<Path> unpacked = Files.list(folder)) {
            home = unpacked.findFirst().orElseThrow();
        }
    }

    @Test
    void runs_through_a_symbolic_link_from_any_directory() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("hr"), home.resolve("bin/headrace"));

        Ran version = run(Map.of(), link.toString(), "--version");

        assertThat(version.status()).isZero();
        assertThat(version.output()).startsWith("headrace ");
    }

    @Test
    void help_teaches_how_to_begin() throws IOException, InterruptedException {
        assertThat(run(Map.of(), launcher(), "--help").output()).contains("Usage: headrace", "To begin:", "mount");
    }

    @Test
    void says_what_to_do_where_there_is_no_java() throws IOException, InterruptedException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path bare = Files.createDirectories(folder.resolve("bare/lib"));
        Files.writeString(
                bare.resolve("jdk.sh"),
                Files.readString(home.resolve("lib/jdk.sh")).replace("/usr/lib/jvm/*", empty + "/*"));
        Files.createDirectories(bare.resolveSibling("bin"));
        Path launcher = Files.copy(
                home.resolve("bin/headrace"), bare.resolveSibling("bin").resolve("headrace"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();

        Ran ran = run(
                Map.of("JAVA_HOME", empty.toString(), "HOME", empty.toString(), "PATH", "/bin"),
                launcher.toString(),
                "--version");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.output()).contains("needs Java 25 or newer", "HEADRACE_JAVA_HOME");
    }

    @Test
    void a_mount_that_fails_says_why_with_its_exit_code() throws IOException, InterruptedException {
        Ran ran = run(
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString(), "HEADRACE_AOT", "off"),
                launcher(),
                "mount",
                "gopher://somewhere/",
                Files.createDirectory(folder.resolve("mount-point")).toString());

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.output()).contains("gopher", "its log is " + folder.resolve("state"));
    }

    /** The launcher looks every two seconds whether the process lives, perhaps in the midst of a line. */
    @Test
    void what_a_slow_mount_says_is_shown_whole() throws IOException, InterruptedException {
        Path java = Files.createDirectories(folder.resolve("slow-jdk/bin")).resolve("java");
        Files.writeString(java.resolveSibling("../release"), "JAVA_VERSION=\"25\"\n");
        Files.writeString(java, """
                #!/bin/sh
                printf h >&3
                sleep 3
                printf 'eadrace: late\\nexit 5\\n' >&3
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Ran ran = run(
                Map.of(
                        "HEADRACE_JAVA_HOME",
                        folder.resolve("slow-jdk").toString(),
                        "XDG_STATE_HOME",
                        folder.resolve("state").toString(),
                        "HEADRACE_AOT",
                        "off"),
                launcher(),
                "mount",
                "file:///",
                folder.resolve("nowhere").toString());

        assertThat(ran.output()).startsWith("headrace: late\n");
        assertThat(ran.status()).isEqualTo(5);
    }

    @Test
    void the_training_run_hears_nothing_of_the_launchers_pipe() throws IOException, InterruptedException {
        Path cache = folder.resolve("training");

        Ran ran = run(
                Map.of("XDG_CACHE_HOME", cache.toString(), "HEADRACE_BACKGROUND", "1"),
                home.resolve("lib/train").toString());

        assertThat(ran.output()).doesNotContain("descriptor 3");
        try (Stream<Path> made = Files.walk(cache)) {
            assertThat(made).anyMatch(path -> path.toString().endsWith(".aot"));
        }
    }

    @Test
    void the_demo_finds_every_byte_right_and_leaves_nothing() throws IOException, InterruptedException {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Path state = folder.resolve("demo-state");

        Ran ran = run(
                Map.of(
                        "JDK_JAVA_OPTIONS",
                        "-Djava.io.tmpdir=" + temporary,
                        "XDG_STATE_HOME",
                        state.toString(),
                        "HEADRACE_AOT",
                        "off"),
                launcher(),
                "demo",
                "--size",
                "32MiB",
                "--rate",
                "100MB/s",
                "--chart",
                folder.resolve("demo.svg").toString());

        assertThat(ran.output()).contains("mount, second start");
        assertThat(ran.status()).as(ran.output()).isZero();
        assertThat(folder.resolve("demo.svg")).isNotEmptyFile();
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(temporary.toString());
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.filter(path -> path.toString().contains("headrace-demo")))
                    .isEmpty();
        }
    }

    @Test
    void ships_completions_manual_pages_and_a_bill_of_materials() throws IOException {
        assertThat(home.resolve("share/bash-completion/completions/headrace")).isNotEmptyFile();
        assertThat(home.resolve("share/zsh/site-functions/_headrace")).isNotEmptyFile();
        assertThat(home.resolve("share/fish/vendor_completions.d/headrace.fish"))
                .isNotEmptyFile();
        assertThat(home.resolve("share/man/man1/headrace-mount.1")).isNotEmptyFile();
        assertThat(Files.readString(home.resolve("share/sbom/headrace.cdx.json")))
                .contains("CycloneDX", "rocksdbjni");
        assertThat(home.resolve("LICENSE")).isNotEmptyFile();
        assertThat(home.resolve("README.md")).isNotEmptyFile();
    }

    private static String launcher() {
        return home.resolve("bin/headrace").toString();
    }

    private record Ran(int status, String output) {}

    private static Ran run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as(String.join(" ", arguments))
                .isTrue();
        return new Ran(process.exitValue(), output);
    }
}
