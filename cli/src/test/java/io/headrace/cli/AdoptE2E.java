package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.cli.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose master loses its disk and is built anew, while the workers' caches stay. */
class AdoptE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LENGTH = 21 << 20;
    private static final String KEY = "weights/a.bin";
    private static final List<String> WORKERS = List.of("worker-1", "worker-2");

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LENGTH];
    private ServedBucket bucket;
    private Launcher headrace;
    private StartedCluster cluster;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        cluster = StartedCluster.at(folder);
        bucket = cluster.bucket();
        headrace = cluster.headrace();
        new Random(20261125).nextBytes(content);
        bucket.put(KEY, content);
        cluster.start(WORKERS.size());
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        cluster.close();
    }

    @Test
    void a_new_master_serves_from_the_caches_of_the_old_cluster_and_the_origin_gives_no_byte() throws Exception {
        Path first = cluster.mount("first");
        assertThat(first.resolve(KEY)).hasBinaryContent(content);
        headrace.succeed("umount", first);
        String master = cluster.master();
        assertThat(adopt("worker-1", master, "--yes").status()).isEqualTo(ExitCode.BUSY.status());
        headrace.succeed("cluster", "stop", "--directory", cluster.directory());
        deleteTree(cluster.directory().resolve("master"));
        long before = bucket.server().traffic().bytesSent();

        runNewMaster(master);
        for (String worker : WORKERS) {
            Outcome asked = adopt(worker, master);
            assertThat(asked.status()).isEqualTo(ExitCode.USAGE.status());
            assertThat(asked.err()).contains("to cluster", "--yes", "nothing was changed");
            assertThat(adopt(worker, master, "--yes").status()).isZero();
            assertThat(adopt(worker, master, "--yes").out()).contains("as it is");
        }
        end(" master ");

        cluster.start(WORKERS.size());
        assertThat(cluster.mount("second").resolve(KEY)).hasBinaryContent(content);
        assertThat(bucket.server().traffic().bytesSent() - before).isLessThan(1 << 20);
    }

    @Test
    void a_directory_without_a_worker_is_named_and_left_alone() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Outcome outcome = headrace.run("worker", "adopt", "--cache", empty, "--master", cluster.master(), "--yes");
        assertThat(outcome.status()).isEqualTo(ExitCode.NOT_FOUND.status());
        assertThat(outcome.err()).contains(empty.toString());
        assertThat(empty).isEmptyDirectory();
    }

    private Outcome adopt(String worker, String master, Object... more) throws IOException, InterruptedException {
        List<Object> command = Stream.concat(
                        Stream.of(
                                "worker",
                                "adopt",
                                "--cache",
                                cluster.directory().resolve(worker),
                                "--master",
                                master),
                        Stream.of(more))
                .toList();
        return headrace.run(command.toArray());
    }

    /** Alone, so that nobody joins it yet. */
    private void runNewMaster(String endpoint) {
        Thread _ = Thread.startVirtualThread(() -> {
            try {
                headrace.run("master", "--directory", cluster.directory().resolve("master"), "--listen", endpoint);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().atMost(PATIENCE)
                .until(() ->
                        headrace.run("cluster", "status", "--master", endpoint).status() == 0);
    }

    private void end(String part) {
        List<ProcessHandle> processes = headrace.processes().stream()
                .filter(process -> commandLine(process).contains(part))
                .toList();
        assertThat(processes).isNotEmpty();
        processes.forEach(ProcessHandle::destroy);
        await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(tree)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
