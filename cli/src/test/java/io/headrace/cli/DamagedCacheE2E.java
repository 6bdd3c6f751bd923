package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody cuts the cache's files short under a mount that serves from them. */
class DamagedCacheE2E {
    private static final int LARGE_BYTES = 12 << 20;
    private static final int SMALL_BYTES = 100_000;
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final Pattern DAMAGED =
            Pattern.compile("\"headrace.store.damaged.blocks\"[^}]*\"value\": ([0-9.]+)");

    @TempDir
    private Path folder;

    private Launcher headrace;
    private Path origin;
    private Path mountPoint;

    @BeforeEach
    void mountServed() throws IOException, InterruptedException {
        origin = Files.createDirectory(folder.resolve("origin"));
        Random random = new Random(11);
        write("large.bin", LARGE_BYTES, random);
        write("small.bin", SMALL_BYTES, random);
        mountPoint = Files.createDirectory(folder.resolve("mount"));
        headrace = Launcher.in(folder);
        headrace.succeed(
                "mount",
                "--no-passthrough",
                "--memory",
                "0",
                "--cache",
                folder.resolve("cache") + ":256MiB",
                origin.toUri(),
                mountPoint);
        headrace.succeed("load", mountPoint);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
    }

    @Test
    void readers_get_the_origins_bytes_and_the_damage_is_counted() throws Exception {
        for (String name : List.of("large.bin", "small.bin")) {
            assertSameAsOrigin(name);
            forgetPages(name);
        }

        cutCacheFilesShort();

        assertSameAsOrigin("large.bin");
        assertSameAsOrigin("small.bin");
        // Three blocks of the large file and the small file.
        assertThat(damagedBlocks()).isEqualTo(4);
    }

    @Test
    void what_was_fetched_again_is_kept_again() throws Exception {
        forgetPages("large.bin");
        cutCacheFilesShort();
        assertSameAsOrigin("large.bin");
        double once = damagedBlocks();

        await().atMost(SOON)
                .until(() -> headrace.succeed("ls", "--output", "json", mountPoint)
                        .lines()
                        .anyMatch(line ->
                                line.contains("large.bin") && line.contains("\"cachedBytes\": " + LARGE_BYTES)));
        forgetPages("large.bin");
        assertSameAsOrigin("large.bin");
        assertThat(damagedBlocks()).isEqualTo(once);
    }

    private void write(String name, int bytes, Random random) throws IOException {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        Files.write(origin.resolve(name), content);
    }

    private void assertSameAsOrigin(String name) throws IOException {
        assertThat(Files.mismatch(mountPoint.resolve(name), origin.resolve(name)))
                .as(name)
                .isEqualTo(-1);
    }

    /** Takes the file out of the kernel's page cache, so that the next read reaches the mount's process. */
    private void forgetPages(String name) throws IOException, InterruptedException {
        Process dd = new ProcessBuilder(
                        "dd", "if=" + mountPoint.resolve(name), "iflag=nocache", "count=0", "status=none")
                .inheritIO()
                .start();
        assertThat(dd.waitFor()).isZero();
    }

    private void cutCacheFilesShort() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            List<Path> blocks =
                    files.filter(path -> path.toString().endsWith(".blocks")).toList();
            assertThat(blocks).hasSize(2);
            for (Path path : blocks) {
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(0);
                }
            }
        }
    }

    private double damagedBlocks() throws IOException, InterruptedException {
        String stats = headrace.succeed("stats", "--count", "1", "--output", "json", mountPoint);
        Matcher matcher = DAMAGED.matcher(stats);
        assertThat(matcher.find()).as(stats).isTrue();
        return Double.parseDouble(matcher.group(1));
    }
}
