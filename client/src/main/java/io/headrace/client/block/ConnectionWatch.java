package io.headrace.client.block;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends connections whose worker says nothing for too long, from a thread of its own: a blocking channel knows no timeout.
 * Thread-safe.
 */
final class ConnectionWatch implements AutoCloseable {
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A round's other work. */
    private final Runnable sweep;

    private final Set<BlockConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    ConnectionWatch(Runnable sweep) {
        this.sweep = sweep;
        this.thread = Thread.ofPlatform().daemon().name("headrace-peer-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void add(BlockConnection connection) {
        connections.add(connection);
        if (closed) {
            connection.close();
        }
    }

    void remove(BlockConnection connection) {
        connections.remove(connection);
    }

    /** Ends all connections, and the watch. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        connections.forEach(BlockConnection::close);
    }

    private void run() {
        while (!closed) {
            long now = System.nanoTime();
            connections.forEach(connection -> connection.closeIfStalled(now));
            sweep.run();
            LockSupport.parkNanos(this, ROUND_NANOS);
        }
    }
}
