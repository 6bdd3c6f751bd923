package io.headrace.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.CancelJobRequest;
import io.headrace.protocol.v1.GetJobRequest;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobStatus.State;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.protocol.v1.PlannedFile;
import io.headrace.protocol.v1.RetryJobRequest;
import io.headrace.worker.pin.KeptPins;
import io.headrace.worker.serve.TestWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from folder to folder while the parts of a cluster come and go. */
final class MigrateIT {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    /** Three parts. */
    private static final int LARGE = (17 << 20) + 3;

    private static final String PART_WRITTEN = "worker.job.part.written";

    @TempDir
    Path directory;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Random random = new Random(20261125);
    private Path source;
    private Path target;
    private TestMaster master;
    private TestWorker store;

    @BeforeEach
    void start() throws Exception {
        source = Files.createDirectory(directory.resolve("source"));
        target = Files.createDirectory(directory.resolve("target"));
        put("sub/large", LARGE);
        put("small", 777);
        put("sub/empty", 0);
        master = new TestMaster(directory);
        store = TestWorker.start("w0", directory, nothing());
    }

    private static RangeSource nothing() {
        return (version, range, reason) -> {
            throw new IOException("a migrate reads nothing through the cache");
        };
    }

    private JobRunner work(FaultPoints faults) {
        return work(store.worker().id(), faults);
    }

    private JobRunner work(String name) {
        return work(new WorkerId(name), FaultPoints.NONE);
    }

    private JobRunner work(WorkerId id, FaultPoints faults) {
        JobRunner runner = JobRunner.start(
                master.channel(),
                id,
                new JobPlace(store.store(), nothing(), KeptPins.of(store.store()), faults),
                new Random(7));
        opened.push(runner);
        return runner;
    }

    @AfterEach
    void stop() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        master.close();
        store.close();
    }

    @Test
    void every_byte_is_there_when_a_migrate_is_complete_and_the_second_run_copies_nothing() throws Exception {
        JobRunner _ = work(FaultPoints.NONE);
        JobStatus first = ended(submit(migrate()));
        assertComplete(first);
        assertThat(first.getFilesTotal()).isEqualTo(3);
        assertThat(first.getFilesDone()).isEqualTo(3);
        assertThat(first.getFilesUnchanged()).isZero();
        assertThat(first.getBytesTotal()).isEqualTo(LARGE + 777);
        assertThat(first.getBytesFetched()).isEqualTo(LARGE + 777);
        assertSame();
        Map<String, Object> keys = inodes();

        JobStatus second = ended(submit(migrate()));
        assertComplete(second);
        assertThat(second.getFilesUnchanged()).isEqualTo(3);
        assertThat(second.getBytesFetched()).isZero();
        assertThat(second.getBytesPresent()).isEqualTo(LARGE + 777);
        assertThat(inodes()).isEqualTo(keys);

        put("small", 778);
        Files.writeString(target.resolve("sub/empty"), "somebody else's");
        JobStatus third = ended(submit(migrate()));
        assertComplete(third);
        assertThat(third.getFilesUnchanged()).isEqualTo(1);
        assertThat(third.getBytesFetched()).isEqualTo(778);
        assertSame();
    }

    @Test
    void a_dry_run_changes_nothing_and_says_what_would_be_done() throws Exception {
        JobRunner _ = work(FaultPoints.NONE);
        Files.writeString(target.resolve("surplus"), "old");
        JobStatus job = ended(submit(migrate().setDryRun(true).setDelete(true)));
        assertComplete(job);
        assertThat(job.getPlanList())
                .extracting(PlannedFile::getPath, PlannedFile::getDeleted, PlannedFile::getLengthBytes)
                .containsExactly(
                        tuple("small", false, 777L),
                        tuple("sub/empty", false, 0L),
                        tuple("sub/large", false, (long) LARGE),
                        tuple("surplus", true, 3L));
        assertThat(job.getBytesFetched()).isZero();
        assertThat(files(target)).containsOnlyKeys("surplus");
    }

    @Test
    void what_the_source_has_not_is_deleted_inside_what_the_globs_choose() throws Exception {
        JobRunner _ = work(FaultPoints.NONE);
        Files.writeString(target.resolve("surplus.bin"), "old");
        Files.writeString(target.resolve("kept.txt"), "not chosen");
        Files.writeString(directory.resolve("beside.bin"), "outside");
        JobStatus job = ended(submit(migrate().setDelete(true).addExclude("*.txt")));
        assertComplete(job);
        assertThat(job.getFilesToDelete()).isEqualTo(1);
        assertThat(job.getFilesDeleted()).isEqualTo(1);
        assertThat(files(target)).containsOnlyKeys("small", "sub/large", "sub/empty", "kept.txt");
        assertThat(directory.resolve("beside.bin")).exists();
    }

    @Test
    void nothing_is_deleted_when_a_file_failed_or_the_source_is_empty() throws Exception {
        JobRunner _ = work(FaultPoints.NONE);
        Files.writeString(target.resolve("surplus"), "old");
        Files.createDirectories(target.resolve("small/is a folder"));
        long id = submit(migrate().setDelete(true));
        JobStatus failed = ended(id);
        assertThat(failed.getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(failed.getFailuresList()).singleElement().satisfies(failure -> {
            assertThat(failure.getPath()).isEqualTo("small");
            assertThat(failure.getReason()).contains("folder");
        });
        assertThat(target.resolve("surplus")).exists();

        JobStatus nothing = ended(submit(migrate().setDelete(true).addInclude("no-such-name")));
        assertThat(nothing.getState()).isEqualTo(State.STATE_COMPLETE);
        Files.writeString(target.resolve("old.tmp"), "old");
        JobStatus empty = ended(submit(migrate().setDelete(true).addInclude("*.tmp")));
        assertThat(empty.getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(empty.getFailures(0).getReason()).contains("--delete-all");
        assertThat(target.resolve("old.tmp")).exists();

        assertComplete(ended(submit(migrate().setDelete(true).setDeleteAll(true).addInclude("*.tmp"))));
        assertThat(target.resolve("old.tmp")).doesNotExist();
    }

    @Test
    void a_file_that_changes_while_it_is_copied_fails_and_a_retry_copies_what_it_is_now() throws Exception {
        AtomicInteger parts = new AtomicInteger();
        JobRunner _ = work(name -> {
            if (name.equals(PART_WRITTEN) && parts.incrementAndGet() == 2) {
                replaceLarge();
            }
        });
        long id = submit(migrate());
        JobStatus failed = ended(id);
        assertThat(failed.getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(failed.getFilesDone()).isEqualTo(2);
        assertThat(failed.getFailuresList())
                .singleElement()
                .satisfies(failure -> assertThat(failure.getPath()).isEqualTo("sub/large"));
        assertThat(target.resolve("sub/large")).doesNotExist();
        await().atMost(PATIENCE).until(() -> unfinished() == 0);

        JobStatus _ =
                master.stub().retryJob(RetryJobRequest.newBuilder().setId(id).build());
        JobStatus again = ended(id);
        assertComplete(again);
        assertThat(again.getFilesUnchanged()).isEqualTo(2);
        assertSame();
    }

    @Test
    void a_new_master_and_another_worker_go_on_with_the_parts_that_are_there() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        JobRunner first = work(name -> {
            if (name.equals(PART_WRITTEN)) {
                written.countDown();
                blockUntilInterrupted();
            }
        });
        long id = submit(migrate());
        assertThat(written.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        first.close();
        assertThat(master.stub()
                        .getJob(GetJobRequest.newBuilder().setId(id).build())
                        .getWorkers())
                .as("what it had was given back")
                .isZero();
        master.end();
        assertThat(unfinished()).isEqualTo(1);
        master.startAgain();

        JobRunner _ = work(FaultPoints.NONE);
        JobStatus job = ended(id);
        assertComplete(job);
        assertThat(job.getFilesDone()).isEqualTo(3);
        assertThat(unfinished()).isZero();
        assertSame();
    }

    @Test
    void a_cancelled_migrate_leaves_no_upload_behind() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        JobRunner _ = work(name -> {
            if (name.equals(PART_WRITTEN)) {
                written.countDown();
                await().atMost(PATIENCE).until(() -> unfinished() == 0);
            }
        });
        long id = submit(migrate());
        assertThat(written.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(unfinished()).isEqualTo(1);

        JobStatus cancelled =
                master.stub().cancelJob(CancelJobRequest.newBuilder().setId(id).build());
        assertThat(cancelled.getState()).isEqualTo(State.STATE_CANCELLED);
        await().atMost(PATIENCE).until(() -> unfinished() == 0);
        assertThat(target.resolve("sub/large")).doesNotExist();
    }

    @Test
    void a_rate_is_that_of_both_workers_together() throws Exception {
        for (int i = 0; i < 3; i++) {
            put("more/large-" + i, LARGE);
        }
        JobRunner _ = work("w0");
        JobRunner _ = work("w1");
        long rate = 16 << 20;
        long begun = System.nanoTime();
        JobStatus job = ended(master.stub()
                .submitJob(JobSpec.newBuilder()
                        .setMaxBytesPerSecond(rate)
                        .setMigrate(migrate())
                        .build())
                .getId());
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertComplete(job);
        assertThat(job.getBytesFetched()).isEqualTo(4L * LARGE + 777);
        assertThat(seconds).isGreaterThan(0.8 * 4 * LARGE / rate);
        assertSame();
    }

    @Test
    void what_is_no_file_is_a_failure_of_its_name() throws Exception {
        JobRunner _ = work(FaultPoints.NONE);
        Path link = Files.createSymbolicLink(source.resolve("link"), directory);
        JobStatus job = ended(submit(migrate()));
        assertThat(job.getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(job.getFailuresList()).singleElement().satisfies(failure -> {
            assertThat(failure.getPath()).isEqualTo("link");
            assertThat(failure.getReason()).contains("symbolic link");
        });
        Files.delete(link);
        assertSame();
    }

    @Test
    void a_source_that_is_not_there_is_an_incomplete_migrate() throws Exception {
        Files.move(source, directory.resolve("elsewhere"));
        Files.writeString(target.resolve("surplus"), "old");
        JobStatus job = ended(submit(migrate().setDelete(true)));
        assertThat(job.getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(job.getFailures(0).getReason()).contains("there is no folder");
        assertThat(target.resolve("surplus")).exists();
    }

    @Test
    void a_migrate_into_itself_is_refused_when_it_is_asked_for() {
        MigrateSpec.Builder below = migrate().setTarget(source.toUri() + "below");
        assertThatThrownBy(() -> submit(below))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("same place");
    }

    private void put(String name, int bytes) throws IOException {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        Path file = source.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Path temporary = directory.resolve("new");
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void replaceLarge() {
        try {
            put("sub/large", LARGE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void blockUntilInterrupted() {
        try {
            boolean _ = new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the worker is killed", e);
        }
    }

    private MigrateSpec.Builder migrate() {
        return MigrateSpec.newBuilder()
                .setSource(source.toUri().toString())
                .setTarget(target.toUri().toString());
    }

    private long submit(MigrateSpec.Builder migrate) {
        return master.stub()
                .submitJob(
                        JobSpec.newBuilder().setVerify(true).setMigrate(migrate).build())
                .getId();
    }

    private JobStatus ended(long id) {
        return await().atMost(PATIENCE)
                .until(
                        () -> master.stub()
                                .getJob(GetJobRequest.newBuilder().setId(id).build()),
                        job -> job.getState() != State.STATE_RUNNING);
    }

    private static void assertComplete(JobStatus job) {
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_COMPLETE);
    }

    private void assertSame() throws IOException {
        Map<String, Path> wanted = files(source);
        assertThat(files(target)).containsOnlyKeys(wanted.keySet());
        for (Map.Entry<String, Path> file : wanted.entrySet()) {
            assertThat(Files.mismatch(file.getValue(), target.resolve(file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(-1);
        }
    }

    private long unfinished() throws IOException {
        return files(target).keySet().stream()
                .filter(name -> name.contains(".headrace-upload-"))
                .count();
    }

    private Map<String, Object> inodes() throws IOException {
        Map<String, Object> inodes = new TreeMap<>();
        for (Map.Entry<String, Path> file : files(target).entrySet()) {
            inodes.put(file.getKey(), Files.getAttribute(file.getValue(), "unix:ino"));
        }
        return inodes;
    }

    private static Map<String, Path> files(Path root) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> files.put(root.relativize(file).toString(), file));
        }
        return files;
    }
}
