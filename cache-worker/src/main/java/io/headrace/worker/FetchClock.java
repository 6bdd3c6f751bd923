package io.headrace.worker;

import java.util.concurrent.locks.LockSupport;

/** Time as fetches feel it; a test's clock moves when the test says so. */
interface FetchClock {
    FetchClock SYSTEM = new FetchClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void park(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }
    };

    /** As {@link System#nanoTime}: only differences mean something. */
    long nanos();

    /** As {@link LockSupport#parkNanos(Object, long)}: may return early, so callers loop. */
    void park(Object blocker, long nanos);
}
