package io.headrace.master.catalog;

import java.time.Duration;

/** Where a catalog's own work runs and waits; tests run it by hand. */
interface Background extends AutoCloseable {
    /** Runs a full listing after a while. */
    void listAfter(Duration delay, Runnable listing);

    /** Runs a directory's refresh soon; false when too many wait, and it does not run. */
    boolean refreshSoon(Runnable refresh);

    /** Waits before an origin is asked again. */
    void pause(Duration duration) throws InterruptedException;

    /** Interrupts what runs, and returns when it has ended. */
    @Override
    void close();
}
