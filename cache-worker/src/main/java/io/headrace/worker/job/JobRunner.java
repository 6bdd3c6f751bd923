package io.headrace.worker.job;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.headrace.protocol.Backoff;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.LeaseTasksReply;
import io.headrace.protocol.v1.LeaseTasksRequest;
import io.headrace.protocol.v1.ReportTasksReply;
import io.headrace.protocol.v1.ReportTasksRequest;
import io.headrace.protocol.v1.TaskReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does tasks of jobs, a few at a time, on threads of its own. One more thread talks to the master: it fetches tasks while there is
 * room, and says of each how far it is. What ended is told until the master has heard it; while he is away tasks go on.
 */
public final class JobRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final int PARALLEL_TASKS = 4;
    private static final long ANSWER_SECONDS = 10;
    private static final long LAST_ANSWER_SECONDS = 3;
    private static final long LONGEST_SILENCE_MILLIS = 2000;
    private static final long SHORTEST_SILENCE_MILLIS = 20;
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

    private final Channel master;
    private final WorkerId self;
    private final JobPlace place;
    private final RandomGenerator random;
    private final Thread talker;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            PARALLEL_TASKS, Thread.ofPlatform().daemon().name("job-task-", 0).factory());
    private final Map<ByteString, RunningTask> running = new ConcurrentHashMap<>();
    private final TaskOrigins origins = new TaskOrigins();
    private final OriginCopy.Tools tools = new OriginCopy.Tools(origins, new PartBuffers());
    private final Queue<TaskReport> ended = new ConcurrentLinkedQueue<>();
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closed;
    /** Of the talking thread. */
    private int failures;

    private long silenceMillis = LONGEST_SILENCE_MILLIS;

    private JobRunner(Channel master, WorkerId self, JobPlace place, RandomGenerator random) {
        this.master = master;
        this.self = self;
        this.place = place;
        this.random = random;
        this.talker = Thread.ofVirtual().name("job-runner").unstarted(this::run);
    }

    /** @param master stays its maker's to close, after this */
    public static JobRunner start(Channel master, WorkerId self, JobPlace place, RandomGenerator random) {
        JobRunner runner = new JobRunner(master, self, place, random);
        runner.talker.start();
        return runner;
    }

    /** The thread's root. */
    private void run() {
        while (!closed) {
            try {
                turn();
                failures = 0;
                pause(silenceMillis);
            } catch (StatusRuntimeException e) {
                failures++;
                if (failures == 1 && !closed) {
                    LOG.warn("the master does not answer about jobs: {}", e.getStatus());
                }
                pause(BACKOFF.pause(failures, random).toMillis());
            } catch (RuntimeException e) {
                LOG.error("a turn of jobs failed by a mistake", e);
                pause(LONGEST_SILENCE_MILLIS);
            }
        }
    }

    private void turn() {
        tell();
        int room = PARALLEL_TASKS - running.size();
        if (room > 0) {
            LeaseTasksReply reply = calls().leaseTasks(LeaseTasksRequest.newBuilder()
                    .setWorkerId(self.value())
                    .setMost(room)
                    .build());
            long often = Math.min(reply.getLeaseMillis() / 4, reply.getAskAgainMillis());
            silenceMillis = Math.clamp(often, SHORTEST_SILENCE_MILLIS, LONGEST_SILENCE_MILLIS);
            place.pins().healed(reply.getHealedPinRound());
            reply.getTasksList().forEach(this::begin);
        }
    }

    private void tell() {
        Map<ByteString, TaskReport> reports = new HashMap<>();
        running.values().forEach(task -> reports.put(task.id(), task.progress()));
        List<TaskReport> told = new ArrayList<>(ended);
        told.forEach(report -> reports.put(report.getId(), report));
        if (reports.isEmpty()) {
            return;
        }
        ReportTasksReply reply = calls().reportTasks(ReportTasksRequest.newBuilder()
                .setWorkerId(self.value())
                .addAllReports(reports.values())
                .build());
        for (TaskReport report : told) {
            ended.remove(report);
            running.remove(report.getId());
        }
        for (ByteString id : reply.getUnwantedIdsList()) {
            RunningTask task = running.get(id);
            if (task != null) {
                task.unwanted();
            }
        }
    }

    private void begin(JobTask task) {
        RunningTask begun = new RunningTask(task, place, tools);
        if (!closed && running.putIfAbsent(task.getId(), begun) == null) {
            threads.execute(() -> work(begun));
        }
    }

    /** A thread's root; what goes wrong with a file is in the report. */
    private void work(RunningTask task) {
        try {
            Optional<TaskReport> end = task.run();
            // What close() cut off did not fail: it is given back.
            if (!closed) {
                end.ifPresentOrElse(ended::add, () -> running.remove(task.id()));
            }
        } catch (InterruptedException e) {
            LOG.debug("a task was cut off: this worker ends");
        } finally {
            wake.release();
        }
    }

    private JobsGrpc.JobsBlockingStub calls() {
        return JobsGrpc.newBlockingStub(master).withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private void pause(long millis) {
        try {
            if (!closed && wake.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            // close() interrupts, and has said so in the flag.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Cuts tasks off and gives them back, so that the master does not take this worker for lost while it did them; to this worker
     * again, or to others, they are given at once.
     */
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        talker.interrupt();
        try {
            boolean over =
                    threads.awaitTermination(END_PATIENCE.toSeconds(), TimeUnit.SECONDS) && talker.join(END_PATIENCE);
            if (over) {
                giveBack();
                origins.close();
            } else {
                LOG.warn("tasks of jobs did not end within {}", END_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBack() {
        ReportTasksRequest.Builder last =
                ReportTasksRequest.newBuilder().setWorkerId(self.value()).addAllReports(ended);
        ended.forEach(report -> running.remove(report.getId()));
        running.keySet()
                .forEach(id -> last.addReports(TaskReport.newBuilder().setId(id).setGivenBack(true)));
        running.clear();
        ended.clear();
        try {
            if (last.getReportsCount() > 0) {
                ReportTasksReply _ = JobsGrpc.newBlockingStub(master)
                        .withDeadlineAfter(LAST_ANSWER_SECONDS, TimeUnit.SECONDS)
                        .reportTasks(last.build());
            }
        } catch (StatusRuntimeException e) {
            LOG.info("the master did not hear that tasks of jobs are given back: {}", e.getStatus());
        }
    }
}
