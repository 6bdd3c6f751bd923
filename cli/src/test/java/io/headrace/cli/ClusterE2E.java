package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes on one machine, and what readers see while parts of it die. */
class ClusterE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 20261125;
    private static final int LARGE = 21 << 20;

    @TempDir
    private Path folder;

    private final Map<String, byte[]> content = new LinkedHashMap<>();
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        Random random = new Random(SEED);
        put(random, "weights/a.bin", LARGE);
        put(random, "weights/b.bin", LARGE / 3);
        put(random, "config.json", 777);
        cluster.start(3);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void each_byte_leaves_the_origin_once_for_all_clients_and_stays_when_they_are_gone() throws Exception {
        Path first = cluster.mount("first", "--refresh=1s");
        long before = bucket.server().traffic().bytesSent();
        assertSameBytes(first);
        long read = bucket.server().traffic().bytesSent();
        assertThat(read - before).isGreaterThanOrEqualTo(length());

        headrace.succeed("umount", first);
        assertSameBytes(cluster.mount("second", "--refresh=1s"));
        assertThat(bucket.server().traffic().bytesSent() - read).isLessThan(1 << 20);
        assertThat(cluster.status()).contains("worker ", "data set  models  oss://models");

        headrace.succeed("cluster", "stop", "--directory", cluster.directory());
        assertThat(headrace.processes())
                .noneMatch(process -> commandLine(process).contains(" worker "));
    }

    @Test
    void a_worker_that_is_new_fills_itself_from_the_others() throws Exception {
        Path mountPoint = cluster.mount("mount", "--refresh=1s");
        assertSameBytes(mountPoint);
        long read = bucket.server().traffic().bytesSent();

        cluster.start(4);
        await().atMost(PATIENCE)
                .until(() ->
                        headrace.status(mountPoint).getOrigins(0).getCluster().startsWith("4 workers"));
        headrace.succeed("evict", mountPoint);
        assertSameBytes(mountPoint);
        assertThat(bucket.server().traffic().bytesSent() - read).isLessThan(1 << 20);
    }

    @Test
    void readers_go_on_when_a_worker_is_killed() throws Exception {
        Path mountPoint = cluster.mount("mount", "--refresh=1s");
        assertSameBytes(mountPoint);
        cluster.kill("worker-2");
        headrace.succeed("evict", mountPoint);
        assertSameBytes(mountPoint);

        cluster.start(3);
        headrace.succeed("evict", mountPoint);
        assertSameBytes(mountPoint);
    }

    @Test
    void readers_go_on_without_the_master_and_find_it_again() throws Exception {
        Path mountPoint = cluster.mount("mount", "--refresh=1s");
        assertSameBytes(mountPoint);
        // What the mount has never been asked for, it does not know.
        try (Stream<Path> names = Files.walk(mountPoint)) {
            assertThat(names).hasSizeGreaterThan(content.size());
        }
        cluster.kill("master");
        headrace.succeed("evict", mountPoint);
        assertSameBytes(mountPoint);

        cluster.start(3);
        byte[] more = new byte[12345];
        new Random(SEED + 1).nextBytes(more);
        bucket.put("late.bin", more);
        await().atMost(PATIENCE).until(() -> Files.exists(mountPoint.resolve("late.bin")));
        assertThat(mountPoint.resolve("late.bin")).hasBinaryContent(more);
    }

    private void put(Random random, String key, int lengthBytes) throws IOException {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        content.put(key, bytes);
        bucket.put(key, bytes);
    }

    private long length() {
        return content.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    private void assertSameBytes(Path mountPoint) {
        content.forEach(
                (key, bytes) -> assertThat(mountPoint.resolve(key)).as(key).hasBinaryContent(bytes));
    }

    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }
}
