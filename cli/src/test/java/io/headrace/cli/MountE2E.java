package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.v1.NodeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on a folder, from its launcher to every byte. */
class MountE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final OriginTree TREE = OriginTree.ofAwkwardFiles();

    @TempDir
    private Path folder;

    private Launcher headrace;
    private Path origin;
    private Path mountPoint;
    private Path cache;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        headrace = Launcher.in(folder);
        origin = Files.createDirectory(folder.resolve("origin"));
        mountPoint = Files.createDirectory(folder.resolve("mount point"));
        cache = folder.resolve("cache");
        TREE.writeTo(origin);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
    }

    @Test
    void every_byte_is_the_origins_before_and_after_a_load_and_after_an_eviction() throws Exception {
        mount();
        TREE.assertSameNames(mountPoint);
        assertSameBytes();

        headrace.succeed("load", mountPoint);
        assertSameBytes();
        assertThat(headrace.succeed("check", "--origin", mountPoint)).contains(" 0 not right");

        headrace.succeed("evict", mountPoint);
        assertThat(usedBytes(headrace.status(mountPoint))).isZero();
        assertSameBytes();
    }

    @Test
    void status_names_the_process_and_what_is_mounted_and_how_files_are_read() throws Exception {
        mount();
        headrace.succeed("load", mountPoint);
        assertSameBytes();

        NodeStatus status = headrace.status(mountPoint);
        assertThat(ProcessHandle.of(status.getPid())).get().matches(ProcessHandle::isAlive);
        assertThat(status.getMountPoint()).isEqualTo(mountPoint.toString());
        assertThat(status.getFiles()).isEqualTo(TREE.files().size());
        assertThat(status.getBytes()).isEqualTo(TREE.length());
        assertThat(usedBytes(status)).isGreaterThanOrEqualTo(TREE.length());
        if (status.getReadMode().equals("passthrough")) {
            assertThat(status.getPassthroughOpens()).isPositive();
        } else {
            assertThat(status.getReadMode()).startsWith("served, because ");
        }
    }

    @Test
    void unmounting_ends_the_process_and_what_was_cached_is_there_the_next_time() throws Exception {
        mount();
        headrace.succeed("load", mountPoint);
        ProcessHandle process =
                ProcessHandle.of(headrace.status(mountPoint).getPid()).orElseThrow();

        headrace.succeed("umount", mountPoint);

        assertThat(headrace.mountedOfAnyKind()).isEmpty();
        process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        await().atMost(PATIENCE).until(() -> headrace.processes().isEmpty());
        assertThat(headrace.run("status", mountPoint).status()).isEqualTo(ExitCode.NOT_FOUND.status());

        mount();
        assertThat(headrace.succeed("load", mountPoint)).contains(": 0B fetched");
        assertSameBytes();
    }

    @Test
    void a_reader_sees_no_error_and_the_same_bytes_when_the_process_is_killed() throws Exception {
        mount();
        long killed = headrace.status(mountPoint).getPid();
        AtomicLong rounds = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();
        FutureTask<Void> reading = new FutureTask<>(() -> {
            while (!enough.get()) {
                TREE.assertSameBytesByRead(mountPoint);
                rounds.incrementAndGet();
            }
            return null;
        });
        Thread.ofPlatform().daemon().name("reader").start(reading);
        try {
            await().atMost(PATIENCE).until(() -> reading.isDone() || rounds.get() >= 2);
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE).until(() -> reading.isDone() || anotherAnswers(killed));
            long before = rounds.get();
            await().atMost(PATIENCE).until(() -> reading.isDone() || rounds.get() >= before + 2);
        } finally {
            enough.set(true);
        }
        reading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(headrace.status(mountPoint).getPid()).isNotEqualTo(killed);
        headrace.succeed("umount", mountPoint);
        await().atMost(PATIENCE).until(() -> headrace.processes().isEmpty());
        assertThat(headrace.mounted()).isEmpty();
    }

    @Test
    void a_mount_that_nobody_can_serve_says_so_and_nothing_else_is_left() throws Exception {
        Path settings = Files.writeString(folder.resolve("settings"), "fuse.threads = 2\n");
        mount("--settings", settings);
        headrace.succeed("load", mountPoint);
        assertThat(headrace.mountedOfAnyKind())
                .as("a memory tier is mounted, too")
                .hasSizeGreaterThan(1);

        Files.writeString(settings, "no such setting\n");
        ProcessHandle.of(headrace.status(mountPoint).getPid()).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE.multipliedBy(2))
                .until(() -> headrace.processes().isEmpty());
        assertThat(headrace.mountedOfAnyKind()).hasSize(1);
        assertThatThrownBy(() -> Files.readAttributes(mountPoint, "size")).hasMessageContaining("not connected");
        assertThat(folder.resolve("run/headrace")).isEmptyDirectory();
        Files.writeString(settings, "fuse.threads = 2\n");
        mount("--settings", settings);
        assertThat(headrace.succeed("load", mountPoint)).contains(": 0B fetched");
        assertSameBytes();
    }

    @Test
    void what_killed_processes_left_of_an_unmounted_mount_is_cleared() throws Exception {
        mount();
        headrace.processes().forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE).until(() -> headrace.processes().isEmpty());
        assertThat(new ProcessBuilder("umount", mountPoint.toString()).start().waitFor())
                .isZero();

        headrace.succeed("umount", mountPoint);

        assertThat(folder.resolve("run/headrace")).isEmptyDirectory();
        assertThat(headrace.run("umount", mountPoint).status()).isEqualTo(ExitCode.NOT_FOUND.status());
    }

    private boolean anotherAnswers(long killed) throws IOException, InterruptedException {
        Launcher.Outcome status = headrace.run("status", "--output", "json", mountPoint);
        return status.status() == 0 && Launcher.parse(status.out()).getPid() != killed;
    }

    @Test
    void bench_reads_a_mount_in_every_pattern_and_compares_it_with_its_origin() throws Exception {
        mount();

        String json =
                headrace.succeed("bench", "--duration", "2s", "--output", "json", "--compare", origin, mountPoint);

        assertThat(json.lines().filter(line -> line.contains("\"path\": \"" + mountPoint + "\", \"bytes\": ")))
                .as(json)
                .hasSize(4)
                .noneMatch(line -> line.contains("\"bytes\": 0"));
        assertThat(json.lines().filter(line -> line.contains("\"path\": \"" + origin + "\", \"bytes\": ")))
                .as(json)
                .hasSize(4);
        assertThat(headrace.run("bench", folder.resolve("nowhere")).status()).isEqualTo(ExitCode.NOT_FOUND.status());
    }

    @Test
    void a_cache_directory_that_another_mount_uses_is_refused_by_name() throws Exception {
        mount();
        Path second = Files.createDirectory(folder.resolve("second"));

        Launcher.Outcome refused = headrace.run("mount", "--cache", cache + ":64MiB", origin.toUri(), second);

        assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.BUSY.status());
        assertThat(refused.err()).contains(cache.toString());
        assertThat(headrace.mounted()).containsExactly(mountPoint);
        assertSameBytes();
    }

    @Test
    void a_mount_point_that_is_missing_full_or_taken_is_refused_by_name() throws Exception {
        assertRefused(ExitCode.NOT_FOUND, folder + "/nowhere", origin.toUri(), folder.resolve("nowhere"));
        assertRefused(ExitCode.USAGE, origin.toString(), origin.toUri(), origin);
        assertRefused(ExitCode.USAGE, origin + "/one-byte", origin.toUri(), origin.resolve("one-byte"));
        mount();
        Launcher.Outcome taken = headrace.run("mount", "--cache", folder + "/cache2:64MiB", origin.toUri(), mountPoint);
        assertThat(taken.status()).as(taken.err()).isEqualTo(ExitCode.BUSY.status());
        assertThat(taken.err()).contains(mountPoint.toString());
        assertSameBytes();
        assertThat(headrace.status(mountPoint).getMountPoint()).isEqualTo(mountPoint.toString());
    }

    @Test
    void an_origin_that_cannot_be_is_refused_by_name() throws Exception {
        assertRefused(ExitCode.USAGE, "\"gs\"", "gs://bucket", mountPoint);
        assertRefused(ExitCode.ORIGIN_REFUSED, "no-such-folder", origin.toUri() + "no-such-folder", mountPoint);
        assertRefused(ExitCode.USAGE, "%20", "s3://bucket/my models", mountPoint);
    }

    @Test
    void a_wrong_setting_is_refused_by_name() throws Exception {
        headrace.with("HEADRACE_STORE_FETCH_THREADS", "many");
        assertRefused(ExitCode.USAGE, "store.fetch-threads", origin.toUri(), mountPoint);
        headrace.without("HEADRACE_STORE_FETCH_THREADS").with("HEADRACE_STORE_FETCH_THREAD", "8");
        assertRefused(ExitCode.USAGE, "HEADRACE_STORE_FETCH_THREADS", origin.toUri(), mountPoint);
        headrace.without("HEADRACE_STORE_FETCH_THREAD");
        Path settings = Files.writeString(folder.resolve("settings"), "fuse.thread = 4\n");
        assertRefused(ExitCode.USAGE, "fuse.threads", "--settings", settings, origin.toUri(), mountPoint);
        assertRefused(ExitCode.USAGE, "--cach", "--cach=x", origin.toUri(), mountPoint);
    }

    private void assertRefused(ExitCode code, String named, Object... arguments) throws Exception {
        Object[] line = new Object[arguments.length + 3];
        line[0] = "mount";
        line[1] = "--cache";
        line[2] = cache + ":64MiB";
        System.arraycopy(arguments, 0, line, 3, arguments.length);

        Launcher.Outcome refused = headrace.run(line);

        assertThat(refused.status()).as(refused.err()).isEqualTo(code.status());
        assertThat(refused.err()).startsWith("headrace: ").contains(named).doesNotContain("Exception");
        assertThat(headrace.mounted()).isEmpty();
        await().atMost(PATIENCE).until(() -> headrace.processes().isEmpty());
    }

    private void mount(Object... options) throws IOException, InterruptedException {
        Object[] line = Stream.of(
                        Stream.of("mount", "--cache", cache + ":64MiB", "--memory", "16MiB"),
                        Stream.of(options),
                        Stream.of(origin.toUri(), mountPoint))
                .flatMap(part -> part)
                .toArray();
        headrace.succeed(line);
        assertThat(headrace.mounted()).containsExactly(mountPoint);
    }

    private void assertSameBytes() throws IOException {
        TREE.assertSameBytesByRead(mountPoint);
        TREE.assertSameBytesByMapping(mountPoint);
    }

    private static long usedBytes(NodeStatus status) {
        return status.getTiersList().stream()
                .mapToLong(tier -> tier.getUsedBytes())
                .sum();
    }
}
