package io.headrace.worker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ends attempts that wait too long for a byte, from a thread of its own. */
final class StallWatch implements AutoCloseable {
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Set<OriginAttempt> attempts = ConcurrentHashMap.newKeySet();
    private final FetchClock clock;
    private final Thread thread;
    private volatile boolean closed;

    StallWatch(FetchClock clock, ThreadFactory threads) {
        this.clock = clock;
        this.thread = threads.newThread(this::run);
        thread.start();
    }

    void add(OriginAttempt attempt) {
        attempts.add(attempt);
    }

    void remove(OriginAttempt attempt) {
        attempts.remove(attempt);
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends all attempts, and the watch. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        attempts.forEach(OriginAttempt::end);
    }

    private void run() {
        while (!closed) {
            attempts.forEach(OriginAttempt::endIfStalled);
            clock.park(this, ROUND_NANOS);
        }
    }
}
