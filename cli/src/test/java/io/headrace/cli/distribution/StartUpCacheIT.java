package io.headrace.cli.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which start-up cache the launcher starts Java with, and which {@code lib/train} keeps; Java itself is a script here. */
class StartUpCacheIT {
    @TempDir
    static Path folder;

    private static Unpacked distribution;

    @TempDir
    Path userCache;

    private Map<String, String> environment = Map.of();

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        distribution = Unpacked.into(folder);
    }

    @BeforeEach
    void use_a_java_that_shows_its_options() throws IOException {
        Path jdk = distribution.javaThatRuns("showing-jdk", """
                #!/bin/sh
                for option; do
                  case $option in -XX:AOTCacheOutput=*) echo "$@" >"${option#*=}" ;; esac
                done
                echo "$@"
                """);
        environment = Map.of("HEADRACE_JAVA_HOME", jdk.toString(), "XDG_CACHE_HOME", userCache.toString());
    }

    @Test
    void a_bucket_starts_with_the_cache_of_buckets_and_all_else_with_the_small_one()
            throws IOException, InterruptedException {
        train("files");
        train("buckets");

        assertThat(optionsOf("mount", "--foreground", "s3://models/llama", "mnt"))
                .contains("-buckets.aot");
        assertThat(optionsOf("mount", "--foreground", "file:///a=a", "oss://b=b", "mnt"))
                .contains("-buckets.aot");
        assertThat(optionsOf("mount", "--foreground", "file:///models", "mnt")).contains("-files.aot");
        assertThat(optionsOf("status")).contains("-files.aot");
    }

    @Test
    void the_other_kinds_cache_is_used_while_there_is_no_better() throws IOException, InterruptedException {
        assertThat(optionsOf("status")).doesNotContain("-XX:AOTCache");

        train("buckets");

        assertThat(optionsOf("status")).contains("-buckets.aot");
    }

    @Test
    void one_kind_is_not_made_from_the_other() throws IOException, InterruptedException {
        train("files");

        train("buckets");

        Path made = caches().stream()
                .filter(name -> name.endsWith("-buckets.aot"))
                .map(name -> userCache.resolve("headrace/aot").resolve(name))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(made)).contains("-XX:AOTCacheOutput=").doesNotContain("-XX:AOTCache=");
    }

    @Test
    void making_one_removes_what_nobody_used_for_a_week_and_keeps_four_at_most()
            throws IOException, InterruptedException {
        cacheOfEarlierBuild("old", Duration.ofDays(8));
        for (int hours = 1; hours <= 5; hours++) {
            cacheOfEarlierBuild("used-" + hours, Duration.ofHours(hours));
        }

        train("files");

        assertThat(caches())
                .hasSize(4)
                .contains("used-1.aot", "used-2.aot", "used-3.aot")
                .anyMatch(name -> name.endsWith("-files.aot"));
    }

    @Test
    void one_that_was_used_within_a_week_stays() throws IOException, InterruptedException {
        cacheOfEarlierBuild("used", Duration.ofDays(6));

        train("files");

        assertThat(caches()).hasSize(2).contains("used.aot");
    }

    private void train(String kind) throws IOException, InterruptedException {
        Unpacked.Ran ran = distribution.run(
                environment, distribution.home().resolve("lib/train").toString(), kind);
        assertThat(ran.status()).as(ran.output()).isZero();
    }

    private String optionsOf(String... arguments) throws IOException, InterruptedException {
        return distribution
                .run(
                        environment,
                        Stream.concat(Stream.of(distribution.launcher()), Stream.of(arguments))
                                .toArray(String[]::new))
                .output();
    }

    private void cacheOfEarlierBuild(String name, Duration unused) throws IOException {
        Path aot = Files.createDirectories(userCache.resolve("headrace/aot"));
        Path cache = Files.writeString(aot.resolve(name + ".aot"), "of an earlier build");
        Files.setLastModifiedTime(cache, FileTime.from(Instant.now().minus(unused)));
    }

    private List<String> caches() throws IOException {
        try (Stream<Path> caches = Files.list(userCache.resolve("headrace/aot"))) {
            return caches.map(path -> path.getFileName().toString()).toList();
        }
    }
}
