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

/** What {@code package} made, unpacked below a folder in which its commands run. */
record Unpacked(Path folder, Path home) {
    private static final long RUN_SECONDS = 120;

    /** What a command said, on both of its outputs, and ended with. */
    record Ran(int status, String output) {}

    static Unpacked into(Path folder) throws IOException, InterruptedException {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            Path archive = built.filter(path -> path.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the build made no target/headrace-*.tar.gz"));
            Ran tar =
                    run(folder, Map.of(), "tar", "xf", archive.toAbsolutePath().toString(), "-C", folder.toString());
            assertThat(tar.status()).as(tar.output()).isZero();
        }
        try (Stream<Path> unpacked = Files.list(folder)) {
            return new Unpacked(folder, unpacked.findFirst().orElseThrow());
        }
    }

    String launcher() {
        return home.resolve("bin/headrace").toString();
    }

    /** A Java of version 25 that runs this script instead. */
    Path javaThatRuns(String name, String script) throws IOException {
        Path jdk = folder.resolve(name);
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");
        Files.writeString(java, script);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return jdk;
    }

    Ran run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        return run(folder, environment, command);
    }

    private static Ran run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(arguments).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(RUN_SECONDS, TimeUnit.SECONDS))
                .as(String.join(" ", arguments))
                .isTrue();
        return new Ran(process.exitValue(), output);
    }
}
