package io.headrace.master.jobs;

import java.io.IOException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that looks after jobs each second. */
final class JobUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobUpkeep.class);
    private static final long END_SECONDS = 10;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("jobs-upkeep").daemon().factory());
    private final Round round;

    @FunctionalInterface
    interface Round {
        void look() throws IOException;
    }

    JobUpkeep(Round round) {
        this.round = round;
    }

    // The rounds' future is dropped: they handle their own failures, and close() ends them.
    @SuppressWarnings("FutureReturnValueIgnored")
    void start() {
        thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** The thread's root: a mistake is shown, and does not end it. */
    private void look() {
        try {
            round.look();
        } catch (IOException | RuntimeException e) {
            LOG.warn("jobs could not be looked after, and are again in a second: {}", e.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the jobs are still looked after, {} s after the end was wanted", END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
