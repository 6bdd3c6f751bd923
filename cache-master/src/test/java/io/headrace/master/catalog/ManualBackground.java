package io.headrace.master.catalog;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Runs the catalog's background work when the test says so. */
final class ManualBackground implements Background {
    private Optional<Runnable> listing = Optional.empty();
    private Duration listingDelay = Duration.ZERO;
    private final Deque<Runnable> refreshes = new ArrayDeque<>();
    private Duration paused = Duration.ZERO;

    @Override
    public synchronized void listAfter(Duration delay, Runnable work) {
        listing = Optional.of(work);
        listingDelay = delay;
    }

    @Override
    public synchronized boolean refreshSoon(Runnable refresh) {
        return refreshes.add(refresh);
    }

    @Override
    public synchronized void pause(Duration duration) {
        paused = paused.plus(duration);
    }

    synchronized Duration listingDelay() {
        return listingDelay;
    }

    synchronized Duration paused() {
        return paused;
    }

    synchronized int waitingRefreshes() {
        return refreshes.size();
    }

    void runListing() {
        Runnable work;
        synchronized (this) {
            work = listing.orElseThrow();
            listing = Optional.empty();
        }
        work.run();
    }

    void runRefreshes() {
        while (true) {
            Runnable next;
            synchronized (this) {
                if (refreshes.isEmpty()) {
                    return;
                }
                next = refreshes.poll();
            }
            next.run();
        }
    }

    @Override
    public void close() {}
}
