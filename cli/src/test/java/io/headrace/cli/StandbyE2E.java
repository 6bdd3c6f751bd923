package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two masters on one directory, and what readers and commands see when the one that leads is killed. */
class StandbyE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LENGTH = 9 << 20;

    @TempDir
    private Path folder;

    private final byte[] model = new byte[LENGTH];
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        new Random(20261125).nextBytes(model);
        bucket.put("weights/model.bin", model);
        cluster.start(2, "--masters=2");
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void the_second_master_takes_over_from_one_that_was_killed_and_the_first_from_that() throws Exception {
        String[] masters = cluster.master().split(",");
        assertThat(cluster.status()).startsWith("master " + masters[0]).contains(masters[1] + "  stands by");
        Path mountPoint = cluster.mount("first", "--refresh=1s");
        assertThat(mountPoint.resolve("weights/model.bin")).hasBinaryContent(model);

        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> readUntil(enough, mountPoint));
        cluster.kill("master");
        Object[] second = cluster.mountCommand("second", "--refresh=1s");
        await().atMost(PATIENCE).until(() -> headrace.run(second).status() == 0);
        assertThat(folder.resolve("second/weights/model.bin")).hasBinaryContent(model);
        assertThat(cluster.status()).startsWith("master " + masters[1]).contains(masters[0] + "  stands by");
        assertShowsNew(mountPoint, "after-the-first");
        headrace.succeed("evict", mountPoint);
        enough.set(true);
        assertThat(reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
        assertThat(mountPoint.resolve("weights/model.bin")).hasBinaryContent(model);

        cluster.start(2);
        cluster.kill("master-2");
        await().atMost(PATIENCE)
                .until(() -> headrace.run("cluster", "status", "--directory", cluster.directory())
                        .out()
                        .startsWith("master " + masters[0]));
        await().atMost(PATIENCE).until(() -> cluster.status().contains("  active  "));
        assertShowsNew(mountPoint, "after-the-second");
    }

    /** How often it read the whole, without an error and as it is. */
    private int readUntil(AtomicBoolean enough, Path mountPoint) {
        int reads = 0;
        while (!enough.get()) {
            assertThat(mountPoint.resolve("weights/model.bin")).hasBinaryContent(model);
            reads++;
        }
        return reads;
    }

    private void assertShowsNew(Path mountPoint, String name) throws IOException {
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        bucket.put(name, content);
        await().atMost(PATIENCE).until(() -> Files.exists(mountPoint.resolve(name)));
        assertThat(mountPoint.resolve(name)).hasBinaryContent(content);
    }
}
