package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.fuse.CrashingDaemon.Names;
import io.headrace.fuse.mount.MountTable;
import io.headrace.fuse.mount.Unmount;
import io.headrace.protocol.Entry.FileEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Daemons of their own processes, killed while programs read. Needs root and Linux 6.9. */
@Timeout(120)
class RecoveryIT {
    @TempDir
    Path scratch;

    private final Names names = Names.build();
    private long daemon;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(scratch.resolve("store"));
        Files.createDirectories(scratch.resolve("mnt"));
    }

    private void start() throws IOException {
        Process process = new ProcessBuilder(CrashingDaemon.command(scratch))
                .redirectOutput(scratch.resolve("daemon.out").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        awaitDaemonOtherThan(0);
        assertThat(daemon).isEqualTo(process.pid());
    }

    private void awaitDaemonOtherThan(long former) {
        await().atMost(Duration.ofSeconds(40)).until(() -> pidIn("pid") != former && pidIn("pid") != 0);
        daemon = pidIn("pid");
    }

    private long pidIn(String name) {
        try {
            Path file = scratch.resolve(name);
            return Files.exists(file) ? Long.parseLong(Files.readString(file)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void killDaemon() {
        assertThat(ProcessHandle.of(daemon).orElseThrow().destroyForcibly()).isTrue();
    }

    private void killDaemonAndAwaitSuccessor() {
        long former = daemon;
        killDaemon();
        awaitDaemonOtherThan(former);
    }

    @AfterEach
    void cleanUp() throws IOException {
        Path mountPoint = scratch.resolve("mnt");
        if (MountTable.read().at(mountPoint).isPresent()) {
            Unmount.abort(mountPoint);
        }
        long keeper = pidIn("keeper");
        ProcessHandle.of(daemon)
                .ifPresent(process ->
                        process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ProcessHandle.of(keeper).isEmpty());
    }

    private Path path(FileEntry file) {
        return scratch.resolve("mnt").resolve(file.name().toString());
    }

    private byte[] read(FileEntry file) {
        try {
            return Files.readAllBytes(path(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readers_see_a_pause_when_daemon_after_daemon_is_killed() throws Exception {
        start();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                assertThat(read(names.served())).isEqualTo(TemporaryStore.content(names.served()));
                rounds.incrementAndGet();
            }
        });
        CompletableFuture<Void> passed = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                assertThat(read(names.passed())).isEqualTo(TemporaryStore.content(names.passed()));
            }
        });
        for (int kill = 0; kill < 3; kill++) {
            int before = rounds.get();
            await().until(() -> rounds.get() > before + 3);
            killDaemonAndAwaitSuccessor();
        }
        int before = rounds.get();
        await().until(() -> rounds.get() > before + 3 || served.isDone());
        over.set(true);
        served.join();
        passed.join();
    }

    @Test
    void a_read_that_waits_in_the_dead_daemon_is_answered_by_its_successor() throws Exception {
        start();
        CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> read(names.late()));
        assertThatThrownBy(() -> reader.get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        killDaemonAndAwaitSuccessor();
        assertThat(reader.get(30, TimeUnit.SECONDS)).isEqualTo(TemporaryStore.content(names.late()));
    }

    @Test
    void mappings_and_open_files_of_both_ways_go_on() throws Exception {
        start();
        try (FileChannel served = FileChannel.open(path(names.served()));
                FileChannel passed = FileChannel.open(path(names.passed()));
                Arena arena = Arena.ofConfined()) {
            MemorySegment mappedServed = served.map(MapMode.READ_ONLY, 0, served.size(), arena);
            MemorySegment mappedPassed = passed.map(MapMode.READ_ONLY, 0, passed.size(), arena);
            killDaemonAndAwaitSuccessor();
            assertThat(mappedServed.mismatch(MemorySegment.ofArray(TemporaryStore.content(names.served()))))
                    .isEqualTo(-1);
            assertThat(mappedPassed.mismatch(MemorySegment.ofArray(TemporaryStore.content(names.passed()))))
                    .isEqualTo(-1);
            // Opened again beside the one still open: the kernel wants the backing id of the dead daemon.
            assertThat(read(names.passed())).isEqualTo(TemporaryStore.content(names.passed()));
            ByteBuffer bytes = ByteBuffer.allocate(CrashingDaemon.LENGTH);
            while (bytes.hasRemaining() && served.read(bytes) > 0) {}
            assertThat(bytes.array()).isEqualTo(TemporaryStore.content(names.served()));
        }
    }

    @Test
    void an_open_file_that_was_replaced_meanwhile_is_stale() throws Exception {
        start();
        try (InputStream old = Files.newInputStream(path(names.changed()))) {
            assertThat(old.readNBytes(4096)).hasSize(4096);
            killDaemonAndAwaitSuccessor();
            assertThatThrownBy(old::readAllBytes).hasMessageContaining("Stale file handle");
        }
    }

    @Test
    void a_killed_keeper_is_replaced_and_does_its_work() throws Exception {
        start();
        long keeper = pidIn("keeper");
        ProcessHandle.of(keeper).orElseThrow().destroyForcibly();
        await().until(() -> ProcessHandle.of(daemon)
                .orElseThrow()
                .children()
                .anyMatch(child -> child.pid() != keeper && child.isAlive()));
        killDaemonAndAwaitSuccessor();
        assertThat(read(names.served())).isEqualTo(TemporaryStore.content(names.served()));
    }

    @Test
    void readers_get_an_error_when_no_successor_can_be_started() throws Exception {
        Files.createFile(scratch.resolve("no-successor"));
        start();
        CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> read(names.late()));
        assertThatThrownBy(() -> reader.get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        killDaemon();
        assertThatThrownBy(() -> reader.get(60, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void only_a_mount_that_says_so_is_left_when_no_successor_can_be_started() throws Exception {
        Files.createFile(scratch.resolve("no-successor"));
        Path own = Files.createDirectory(scratch.resolve("it's own"));
        Path shared = Files.createDirectory(scratch.resolve("shared"));
        Files.createFile(own.resolve("file"));
        assertThat(Mounted.run("mount", "-t", "tmpfs", "test-remains", shared.toString()))
                .isEmpty();
        Files.createFile(shared.resolve("file"));
        start();
        long keeper = pidIn("keeper");
        killDaemon();
        awaitEnd(keeper);
        assertThat(MountTable.read().mounts())
                .extracting(mounted -> Path.of(mounted.mountPoint()))
                .filteredOn(path -> path.startsWith(scratch))
                .containsExactly(scratch.resolve("mnt"));
        assertThatThrownBy(() -> Files.readAttributes(scratch.resolve("mnt"), "size"))
                .hasMessageContaining("not connected");
        for (String gone : List.of("it's own", "shared", "state", "state.serving")) {
            assertThat(scratch.resolve(gone)).doesNotExist();
        }
    }

    @Test
    void what_another_process_has_locked_is_left_to_it() throws Exception {
        Files.createFile(scratch.resolve("no-successor"));
        Path shared = Files.createDirectory(scratch.resolve("shared"));
        String lock = scratch.resolve("lock").toString();
        Process other = new ProcessBuilder("flock", lock, "sh", "-c", "echo locked; exec cat").start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            start();
            long keeper = pidIn("keeper");
            killDaemon();
            awaitEnd(keeper);
            assertThat(shared).isDirectory();
        } finally {
            other.getOutputStream().close();
        }
    }

    private static void awaitEnd(long process) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ProcessHandle.of(process).isEmpty());
    }

    @Test
    void a_clean_unmount_leaves_no_keeper_and_no_state() throws Exception {
        start();
        long keeper = pidIn("keeper");
        Unmount.politely(scratch.resolve("mnt"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ProcessHandle.of(keeper).isEmpty());
        await().until(() -> !Files.exists(scratch.resolve("state")));
    }
}
