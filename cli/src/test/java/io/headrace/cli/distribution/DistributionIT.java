package io.headrace.cli.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks what {@code package} made, and uses it as its user does. */
class DistributionIT {
    @TempDir
    static Path folder;

    private static Unpacked distribution;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        distribution = Unpacked.into(folder);
    }

    @Test
    void runs_through_a_symbolic_link_from_any_directory() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(
                folder.resolve("hr"), distribution.home().resolve("bin/headrace"));

        Unpacked.Ran version = distribution.run(Map.of(), link.toString(), "--version");

        assertThat(version.status()).isZero();
        assertThat(version.output()).startsWith("headrace ");
    }

    @Test
    void help_teaches_how_to_begin() throws IOException, InterruptedException {
        assertThat(distribution.run(Map.of(), distribution.launcher(), "--help").output())
                .contains("Usage: headrace", "To begin:", "mount");
    }

    @Test
    void says_what_to_do_where_there_is_no_java() throws IOException, InterruptedException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path bare = Files.createDirectories(folder.resolve("bare/lib"));
        Files.writeString(
                bare.resolve("jdk.sh"),
                Files.readString(distribution.home().resolve("lib/jdk.sh")).replace("/usr/lib/jvm/*", empty + "/*"));
        Files.createDirectories(bare.resolveSibling("bin"));
        Path launcher = Files.copy(
                distribution.home().resolve("bin/headrace"),
                bare.resolveSibling("bin").resolve("headrace"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();

        Unpacked.Ran ran = distribution.run(
                Map.of("JAVA_HOME", empty.toString(), "HOME", empty.toString(), "PATH", "/bin"),
                launcher.toString(),
                "--version");

        assertThat(ran.status()).isEqualTo(3);
        assertThat(ran.output()).contains("needs Java 25 or newer", "HEADRACE_JAVA_HOME");
    }

    @Test
    void a_mount_that_fails_says_why_with_its_exit_code() throws IOException, InterruptedException {
        Unpacked.Ran ran = distribution.run(
                Map.of("XDG_STATE_HOME", folder.resolve("state").toString(), "HEADRACE_AOT", "off"),
                distribution.launcher(),
                "mount",
                "gopher://somewhere/",
                Files.createDirectory(folder.resolve("mount-point")).toString());

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.output()).contains("gopher", "its log is " + folder.resolve("state"));
    }

    /** The launcher looks every two seconds whether the process lives, perhaps in the midst of a line. */
    @Test
    void what_a_slow_mount_says_is_shown_whole() throws IOException, InterruptedException {
        Path jdk = distribution.javaThatRuns("slow-jdk", """
                #!/bin/sh
                printf h >&3
                sleep 3
                printf 'eadrace: late\\nexit 5\\n' >&3
                """);

        Unpacked.Ran ran = distribution.run(
                Map.of(
                        "HEADRACE_JAVA_HOME",
                        jdk.toString(),
                        "XDG_STATE_HOME",
                        folder.resolve("state").toString(),
                        "HEADRACE_AOT",
                        "off"),
                distribution.launcher(),
                "mount",
                "file:///",
                folder.resolve("nowhere").toString());

        assertThat(ran.output()).startsWith("headrace: late\n");
        assertThat(ran.status()).isEqualTo(5);
    }

    @Test
    void the_training_run_hears_nothing_of_the_launchers_pipe() throws IOException, InterruptedException {
        Path cache = folder.resolve("training");

        Unpacked.Ran ran = distribution.run(
                Map.of("XDG_CACHE_HOME", cache.toString(), "HEADRACE_BACKGROUND", "1"),
                distribution.home().resolve("lib/train").toString(),
                "files");

        assertThat(ran.output()).doesNotContain("descriptor 3");
        try (Stream<Path> made = Files.walk(cache)) {
            assertThat(made).anyMatch(path -> path.toString().endsWith(".aot"));
        }
    }

    @Test
    void the_demo_finds_every_byte_right_and_leaves_nothing() throws IOException, InterruptedException {
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Path state = folder.resolve("demo-state");

        Unpacked.Ran ran = distribution.run(
                Map.of(
                        "JDK_JAVA_OPTIONS",
                        "-Djava.io.tmpdir=" + temporary,
                        "XDG_STATE_HOME",
                        state.toString(),
                        "HEADRACE_AOT",
                        "off"),
                distribution.launcher(),
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
        assertThat(distribution.home().resolve("share/bash-completion/completions/headrace"))
                .isNotEmptyFile();
        assertThat(distribution.home().resolve("share/zsh/site-functions/_headrace"))
                .isNotEmptyFile();
        assertThat(distribution.home().resolve("share/fish/vendor_completions.d/headrace.fish"))
                .isNotEmptyFile();
        assertThat(distribution.home().resolve("share/man/man1/headrace-mount.1"))
                .isNotEmptyFile();
        assertThat(Files.readString(distribution.home().resolve("share/sbom/headrace.cdx.json")))
                .contains("CycloneDX", "rocksdbjni");
        assertThat(distribution.home().resolve("LICENSE")).isNotEmptyFile();
        assertThat(distribution.home().resolve("README.md")).isNotEmptyFile();
    }
}
