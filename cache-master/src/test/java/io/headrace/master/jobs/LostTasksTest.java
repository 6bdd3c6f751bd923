package io.headrace.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.JobStatus.State;
import io.headrace.protocol.v1.JobTask;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are lost while they do a task, and those that are not. */
final class LostTasksTest {
    private static final String KILLER = "killer";
    private static final Duration LEASE = OpenJobs.SETTINGS.lease();
    private static final long LARGE = PartSizes.SMALLEST + 1;

    @TempDir
    Path directory;

    private OpenJobs jobs;
    private int nextWorker = 1;

    @BeforeEach
    void open() throws IOException {
        jobs = new OpenJobs(directory);
    }

    @AfterEach
    void close() throws IOException {
        jobs.close();
    }

    @Test
    void a_file_that_kills_each_worker_fails_with_their_names_and_all_others_are_copied() throws IOException {
        for (int i = 0; i < 20; i++) {
            jobs.file("file-" + i, 100);
        }
        jobs.file(KILLER, 100);
        long id = jobs.migrate().getId();
        assertThat(workUntilItEnds(id)).isEqualTo(LostTasks.MOST);

        JobStatus job = jobs.status(id);
        assertThat(job.getState()).as("%s", job).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(job.getFilesDone()).isEqualTo(20);
        assertThat(job.getFailuresList()).singleElement().satisfies(failure -> {
            assertThat(failure.getPath()).isEqualTo(KILLER);
            assertThat(failure.getReason())
                    .contains("4 workers were lost while they did this: w1, w2, w3, w4;")
                    .contains("headrace jobs retry " + id);
        });
    }

    @Test
    void losses_are_remembered_by_a_new_master() throws IOException {
        jobs.file(KILLER, 100);
        long id = jobs.migrate().getId();
        for (int i = 1; i <= LostTasks.MOST; i++) {
            assertThat(jobs.status(id).getState()).isEqualTo(State.STATE_RUNNING);
            assertThat(jobs.lease("w" + i)).hasSize(1);
            jobs.pass(LEASE.plusNanos(1));
            for (JobTask task : jobs.lease("observer")) {
                assertThat(jobs.giveBack("observer", task)).isTrue();
            }
            jobs.startAgain();
        }
        assertThat(jobs.status(id).getState()).isEqualTo(State.STATE_INCOMPLETE);
        assertThat(jobs.status(id).getFailures(0).getReason()).contains("w1, w2, w3, w4");
    }

    @Test
    void a_retry_begins_to_count_again() throws IOException {
        jobs.file(KILLER, 100);
        long id = jobs.migrate().getId();
        assertThat(workUntilItEnds(id)).isEqualTo(LostTasks.MOST);

        JobStatus _ = jobs.retry(id);
        for (int i = 1; i < LostTasks.MOST; i++) {
            assertThat(jobs.lease("again" + i)).hasSize(1);
            jobs.pass(LEASE.plusNanos(1));
        }
        jobs.done("good", jobs.lease("good").getFirst());
        assertThat(jobs.status(id).getState()).isEqualTo(State.STATE_COMPLETE);
    }

    @Test
    void a_new_master_and_a_task_that_is_given_back_are_no_loss() throws IOException {
        jobs.file(KILLER, 100);
        long id = jobs.migrate().getId();
        for (int i = 0; i < 2 * LostTasks.MOST; i++) {
            assertThat(jobs.lease("restarted" + i)).hasSize(1);
            jobs.startAgain();
            JobTask task = jobs.lease("drained" + i).getFirst();
            assertThat(jobs.giveBack("drained" + i, task)).isTrue();
        }
        JobTask task = jobs.lease("slow").getFirst();
        for (int i = 0; i < 2 * LostTasks.MOST; i++) {
            jobs.pass(LEASE);
            assertThat(jobs.goesOn("slow", task)).isTrue();
        }
        jobs.done("slow", task);
        assertThat(jobs.status(id).getState()).isEqualTo(State.STATE_COMPLETE);
    }

    @Test
    void a_task_of_which_a_worker_was_lost_is_done_alone() throws IOException {
        for (int i = 0; i < 3; i++) {
            jobs.file("large-" + i, LARGE);
        }
        long id = jobs.migrate().getId();
        assertThat(jobs.lease("w1")).hasSize(3);
        jobs.pass(LEASE.plusNanos(1));

        List<JobTask> alone = jobs.lease("w2");
        assertThat(alone).hasSize(1);
        assertThat(jobs.lease("w2")).isEmpty();
        assertThat(jobs.lease("w3")).hasSize(1).doesNotContainAnyElementsOf(alone);
        jobs.done("w2", alone.getFirst());
        assertThat(jobs.lease("w2"))
                .as("the parts of the file, which killed nobody")
                .hasSize(1);
        assertThat(jobs.status(id).getState()).isEqualTo(State.STATE_RUNNING);
    }

    @Test
    void a_block_that_kills_each_owner_fails_when_the_fourth_has_left() throws IOException {
        jobs.file(KILLER, 100);
        List<String> members = new ArrayList<>(List.of("w1", "w2", "w3", "w4", "w5"));
        jobs.members(members, List.of());
        long id = jobs.load().getId();
        List<String> lost = new ArrayList<>();
        for (int i = 0; i < LostTasks.MOST; i++) {
            String owner = awaitOwner(members);
            lost.add(owner);
            members.remove(owner);
            jobs.members(members, List.of());
        }
        await().atMost(OpenJobs.PATIENCE).until(() -> jobs.status(id).getState() == State.STATE_INCOMPLETE);
        assertThat(jobs.status(id).getFailures(0).getPath()).isEqualTo("data/" + KILLER);
        assertThat(jobs.status(id).getFailures(0).getReason()).contains(String.join(", ", lost));
    }

    @Test
    void the_tasks_of_a_worker_that_drains_go_to_others_and_count_no_loss() throws IOException {
        jobs.file(KILLER, 100);
        jobs.members(List.of("w0"), List.of());
        long id = jobs.load().getId();
        int turns = LostTasks.MOST;
        for (int i = 0; i < turns; i++) {
            assertThat(awaitOwner(List.of("w" + i))).isEqualTo("w" + i);
            jobs.members(List.of("w" + (i + 1)), List.of("w" + i));
        }
        AtomicInteger tasks = new AtomicInteger();
        await().atMost(OpenJobs.PATIENCE).until(() -> {
            for (JobTask task : jobs.lease("w" + turns)) {
                jobs.done("w" + turns, task);
                tasks.incrementAndGet();
            }
            return jobs.status(id).getState() != State.STATE_RUNNING;
        });
        assertThat(jobs.status(id).getState()).isEqualTo(State.STATE_COMPLETE);
        assertThat(tasks).as("of two rounds").hasValue(2);
    }

    /** The one of them who has got the only task. */
    private String awaitOwner(List<String> members) {
        List<String> owner = await().atMost(OpenJobs.PATIENCE)
                .until(
                        () -> {
                            List<String> got = new ArrayList<>();
                            for (String member : members) {
                                if (!jobs.lease(member).isEmpty()) {
                                    got.add(member);
                                }
                            }
                            return got;
                        },
                        got -> !got.isEmpty());
        assertThat(owner).hasSize(1);
        return owner.getFirst();
    }

    /** Each worker does what it gets, unless the killer is in it; says how many were lost. */
    private int workUntilItEnds(long id) throws IOException {
        int lost = 0;
        for (int turn = 0; turn < 100 && jobs.status(id).getState() == State.STATE_RUNNING; turn++) {
            String worker = "w" + nextWorker;
            List<JobTask> tasks = jobs.lease(worker);
            if (tasks.stream().anyMatch(LostTasksTest::kills)) {
                lost++;
                nextWorker++;
                jobs.pass(LEASE.plusNanos(1));
            } else {
                for (JobTask task : tasks) {
                    jobs.done(worker, task);
                }
            }
        }
        return lost;
    }

    private static boolean kills(JobTask task) {
        return task.getItemsList().stream()
                .anyMatch(item -> item.getPath().toStringUtf8().endsWith(KILLER));
    }
}
