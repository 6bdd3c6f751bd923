package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    private static final int SMALL_FILES = 50;
    private static final int SMALL_LENGTH = 200_000;
    private static final String PARALLEL = "HEADRACE_DRAIN_PARALLEL_BLOCKS";
    private static final String RATE = "HEADRACE_DRAIN_MAX_BYTES_PER_SECOND";
    private static final String DEADLINE = "HEADRACE_DRAIN_STOP_DEADLINE";
    /** How a JVM ends that was asked to. */
    private static final int SIGTERM = 128 + 15;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LENGTH];
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;
    private Path mountPoint = Path.of("");

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        new Random(SEED).nextBytes(content);
        bucket.put(KEY, content);
        // So many that each worker surely owns some.
        for (int i = 0; i < SMALL_FILES; i++) {
            bucket.put("small/" + i, Arrays.copyOf(content, SMALL_LENGTH + i));
        }
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void four_workers_become_three_under_a_reader_and_the_origin_is_not_asked_again() throws Exception {
        cluster.start(4);
        long before = mountAndRead("mount");
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
        assertThat(workers()).hasSize(3);
        awaitReads(reads, reads.get() + 2);
        done.set(true);
        assertThat(reader.join(PATIENCE)).isTrue();

        assertThat(failure).hasValue(null);
        assertOriginNotAsked(before);
    }

    @Test
    void a_worker_that_gets_sigterm_twice_hands_over_all_and_is_not_ready_meanwhile() throws Exception {
        cluster.start(2);
        ForegroundWorker worker = ForegroundWorker.start(cluster, Map.of(RATE, "4MiB", PARALLEL, "1"));
        long before = mountAndRead("mount");
        worker.signal();
        await().atMost(PATIENCE).until(() -> worker.readiness().equals("STOPPING"));
        worker.signal();
        assertThat(worker.awaitEnd()).isEqualTo(SIGTERM);

        assertThat(worker.said()).contains("the worker has drained");
        assertThat(workers()).hasSize(2);
        long _ = mountAndRead("second");
        assertOriginNotAsked(before);
    }

    @Test
    void a_worker_whose_deadline_is_over_leaves_with_what_is_left() throws Exception {
        cluster.start(2);
        ForegroundWorker worker = ForegroundWorker.start(cluster, Map.of(RATE, "64KiB", PARALLEL, "1", DEADLINE, "2s"));
        long _ = mountAndRead("mount");
        worker.signal();
        assertThat(worker.awaitEnd()).isEqualTo(SIGTERM);

        assertThat(worker.said()).contains("has not drained within 2 s");
        assertThat(workers()).hasSize(2);
        long _ = mountAndRead("second");
    }

    /** Returns what the origin had sent then. */
    private long mountAndRead(String name) throws IOException, InterruptedException {
        mountPoint = cluster.mount(name);
        assertThat(mountPoint.resolve(KEY)).hasBinaryContent(content);
        for (int i = 0; i < SMALL_FILES; i++) {
            assertThat(mountPoint.resolve("small/" + i)).hasBinaryContent(Arrays.copyOf(content, SMALL_LENGTH + i));
        }
        return bucket.server().traffic().bytesSent();
    }

    private void assertOriginNotAsked(long before) {
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
        return workers().getFirst().strip().split(" +")[2];
    }

    private List<String> workers() throws IOException, InterruptedException {
        return cluster.status()
                .lines()
                .filter(line -> line.contains("  worker "))
                .toList();
    }
}
