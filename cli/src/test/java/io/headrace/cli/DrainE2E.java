package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes of which one goes in good order while a mount reads. */
class DrainE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 20261125;
    private static final int LENGTH = 40 << 20;
    private static final String KEY = "weights/a.bin";

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LENGTH];
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;
    private Path mountPoint;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        new Random(SEED).nextBytes(content);
        bucket.put(KEY, content);
        cluster.start(4);
        mountPoint = cluster.mount("mount");
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void four_workers_become_three_under_a_reader_and_the_origin_is_not_asked_again() throws Exception {
        assertThat(mountPoint.resolve(KEY)).hasBinaryContent(content);
        long before = bucket.server().traffic().bytesSent();
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!done.get() && failure.get() == null) {
                readAnew(failure);
                reads.incrementAndGet();
            }
        });
        awaitReads(reads, 1);
        String said = headrace.succeed(
                "worker", "drain", worker(), "--master", cluster.master(), "--wait", "--timeout=PT60S");
        assertThat(said).contains("has left");
        assertThat(cluster.status().lines())
                .filteredOn(line -> line.contains("  worker "))
                .hasSize(3);
        awaitReads(reads, reads.get() + 2);
        done.set(true);
        assertThat(reader.join(PATIENCE)).isTrue();

        assertThat(failure).hasValue(null);
        assertThat(bucket.server().traffic().bytesSent() - before).isLessThan(LENGTH / 20);
    }

    /** Past the mount's own cache. */
    private void readAnew(AtomicReference<Throwable> failure) {
        try {
            headrace.succeed("evict", mountPoint);
            if (!Arrays.equals(Files.readAllBytes(mountPoint.resolve(KEY)), content)) {
                failure.set(new AssertionError("other bytes than were put"));
            }
        } catch (IOException | InterruptedException | AssertionError e) {
            failure.set(e);
        }
    }

    private static void awaitReads(AtomicLong reads, long count) {
        await().atMost(PATIENCE).until(() -> reads.get() >= count);
    }

    /** The address of the first worker that the status shows. */
    private String worker() throws IOException, InterruptedException {
        return cluster.status()
                .lines()
                .filter(line -> line.contains("  worker "))
                .map(line -> line.strip().split(" +")[2])
                .findFirst()
                .orElseThrow();
    }
}
