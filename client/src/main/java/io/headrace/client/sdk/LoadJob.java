package io.headrace.client.sdk;

import io.headrace.client.names.MasterException;
import io.headrace.protocol.v1.CancelJobRequest;
import io.headrace.protocol.v1.GetJobRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A load that the cluster does. It goes on when the program ends, and when the master or a worker is started again; its
 * {@link #id} finds it again. Thread-safe; needs no closing, and answers until its {@link Headrace} is closed.
 */
public final class LoadJob {
    private static final long FIRST_LOOK_MILLIS = 20;
    private static final long MOST_LOOK_MILLIS = 500;

    private final long id;
    private final Jobs jobs;

    LoadJob(long id, Jobs jobs) {
        this.id = id;
        this.jobs = jobs;
    }

    /** As {@code headrace jobs} shows it. */
    public long id() {
        return id;
    }

    /**
     * @throws java.nio.file.NoSuchFileException when the cluster does not remember the job any more
     * @throws MasterException.Unavailable when the master does not answer
     */
    public LoadStatus status() throws IOException {
        return jobs.ask(stub -> stub.getJob(GetJobRequest.newBuilder().setId(id).build()));
    }

    /**
     * Waits for the load's end. A master that is away meanwhile is waited for.
     *
     * @return how it ended; a status that is not {@link LoadStatus#isOver} when the patience ended first
     * @throws MasterException.Unavailable when the master was away at the end of the patience
     */
    public LoadStatus await(Duration patience) throws IOException {
        long until = System.nanoTime() + patience.toNanos();
        long pause = FIRST_LOOK_MILLIS;
        while (true) {
            long left = until - System.nanoTime();
            try {
                LoadStatus now = status();
                if (now.isOver() || left <= 0) {
                    return now;
                }
            } catch (MasterException.Unavailable away) {
                if (left <= 0) {
                    throw away;
                }
            }
            sleep(Math.min(TimeUnit.MILLISECONDS.toNanos(pause), Math.max(0, left)));
            pause = Math.min(MOST_LOOK_MILLIS, 2 * pause);
        }
    }

    /**
     * Ends it. What it did stays. Without effect when it has ended.
     *
     * @return where it stands now
     */
    public LoadStatus cancel() throws IOException {
        return jobs.ask(
                stub -> stub.cancelJob(CancelJobRequest.newBuilder().setId(id).build()));
    }

    private void sleep(long nanos) throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while job " + id + " was waited for; it goes on");
        }
    }

    @Override
    public String toString() {
        return "job " + id;
    }
}
