package io.headrace.master.jobs;

import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that walks over a job's files, and waits while an origin or all workers are away. */
final class Walk {
    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);
    private static final long PAUSE_SECONDS = 1;
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final long job;
    private final WalkedPages pages;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    Walk(Jobs jobs, long job, WalkedPages pages) {
        this.jobs = jobs;
        this.job = job;
        this.pages = pages;
        this.thread = Thread.ofVirtual().name("job-walk-" + job).unstarted(this::run);
    }

    long job() {
        return job;
    }

    void start() {
        thread.start();
    }

    /** Soon; what it asks the names then is answered first, so that nothing of theirs is interrupted. */
    void stop() {
        stopped.countDown();
    }

    void awaitEnd() {
        try {
            if (!thread.join(END_PATIENCE)) {
                LOG.warn("the walk of job {} did not end within {}", job, END_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread's root. */
    private void run() {
        try (pages) {
            WalkedPages.Page page;
            do {
                page = nextPatiently();
                jobs.walked(this, page);
            } while (!page.end() && jobs.isOf(this));
        } catch (InterruptedException e) {
            LOG.debug("the walk of job {} was stopped", job);
        } catch (IOException | RuntimeException e) {
            giveUp(e);
        }
    }

    private void giveUp(Exception failure) {
        LOG.warn("the files of job {} cannot be listed", job, failure);
        try {
            jobs.broke(
                    this,
                    "the files could not be listed: " + Objects.toString(failure.getMessage(), failure.toString()));
        } catch (IOException e) {
            LOG.error("that job {} failed cannot be stored; the next master goes on with it", job, e);
        }
    }

    private WalkedPages.Page nextPatiently() throws IOException, InterruptedException {
        while (true) {
            if (!jobs.isOf(this)) {
                throw new InterruptedException("nobody wants the walk any more");
            }
            try {
                return pages.next();
            } catch (OriginException.Unavailable e) {
                jobs.waits(this, String.valueOf(e.getMessage()));
                boolean _ = stopped.await(PAUSE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
