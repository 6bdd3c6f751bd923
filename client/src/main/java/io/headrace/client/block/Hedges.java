package io.headrace.client.block;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When and how often reads are put to a second worker, and the threads on which that happens: {@value #THREADS} at most, so
 * that no more run at a time. Thread-safe.
 */
final class Hedges implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int AT_ONCE = 10;
    private static final long KEPT_SECONDS = 30;

    private final HedgeSettings settings;
    private final long mostDelay;
    private final ShareBudget budget;
    private final PeerTally tally;
    private final ScheduledThreadPoolExecutor threads;

    Hedges(HedgeSettings settings, Duration stallTimeout, PeerTally tally, LongSupplier nanos) {
        this.settings = settings;
        this.mostDelay = stallTimeout.toNanos();
        this.tally = tally;
        this.budget = new ShareBudget(new ShareBudget.Terms(settings.percent() / 100.0, 0, AT_ONCE), nanos);
        this.threads = new ScheduledThreadPoolExecutor(
                THREADS,
                Thread.ofPlatform().daemon().name("headrace-hedge-", 0).factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        threads.setRemoveOnCancelPolicy(true);
        threads.setKeepAliveTime(KEPT_SECONDS, TimeUnit.SECONDS);
        threads.allowCoreThreadTimeOut(true);
    }

    boolean areOn() {
        return settings.enabled() && settings.percent() > 0;
    }

    PeerTally tally() {
        return tally;
    }

    /**
     * How long the one worker is waited for before the other is asked: what is usual for the faster of both, so that one that
     * became slow is not waited for longer because of that.
     */
    long delayNanos(WorkerPool asked, WorkerPool other) {
        OptionalLong one = asked.pace().usualMost();
        OptionalLong two = other.pace().usualMost();
        long usual = Math.min(one.orElse(mostDelay / 4), two.orElse(mostDelay / 4));
        return Math.min(mostDelay, Math.max(settings.leastDelay().toNanos(), usual));
    }

    /** Counts a read, and runs the task after the delay. */
    Future<?> after(long delayNanos, Runnable task) {
        budget.earn();
        return threads.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    boolean mayAskAnother() {
        boolean may = budget.spend();
        (may ? tally.hedgesSent : tally.hedgesDenied).increment();
        return may;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
