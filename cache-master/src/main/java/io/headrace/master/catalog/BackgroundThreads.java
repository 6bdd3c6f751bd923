package io.headrace.master.catalog;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two threads for full listings and one for refreshes of directories in use. */
final class BackgroundThreads implements Background {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);
    private static final int LISTING_THREADS = 2;
    private static final int WAITING_REFRESHES = 256;
    private static final Duration END_PATIENCE = Duration.ofSeconds(30);

    private final ScheduledThreadPoolExecutor listings =
            new ScheduledThreadPoolExecutor(LISTING_THREADS, threads("catalog-listing-"));
    private final ThreadPoolExecutor refreshes = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_REFRESHES), threads("catalog-refresh-"));

    BackgroundThreads() {
        listings.setRemoveOnCancelPolicy(true);
    }

    @Override
    // A scheduled task's future is dropped: the task handles its own failures, and close() ends it.
    @SuppressWarnings("FutureReturnValueIgnored")
    public void listAfter(Duration delay, Runnable listing) {
        if (!listings.isShutdown()) {
            listings.schedule(guarded(listing), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public boolean refreshSoon(Runnable refresh) {
        try {
            refreshes.execute(guarded(refresh));
            return true;
        } catch (RejectedExecutionException tooManyWait) {
            return false;
        }
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    /** At a thread's root: a mistake in one piece of work is shown, and does not end the thread. */
    private static Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("the catalog's background work failed", e);
            }
        };
    }

    @Override
    public void close() {
        listings.shutdownNow();
        refreshes.shutdownNow();
        awaitEnd(listings);
        awaitEnd(refreshes);
    }

    private static void awaitEnd(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn(
                        "the catalog's background work did not end within {}: an origin does not answer", END_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory threads(String prefix) {
        return Thread.ofPlatform().name(prefix, 1).daemon().factory();
    }
}
