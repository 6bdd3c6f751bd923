package io.headrace.master.catalog;

import io.headrace.protocol.Namespace.Subscription;
import io.headrace.protocol.NamespaceChange;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes on their way to the listeners, in order, on one thread. {@link #publish} never waits: it is called with locks
 * held that a listener's caller may need (the kernel holds a directory's lock while it asks). What makes many changes
 * calls {@link #awaitRoom} before it takes a lock, so that the queue stays within one batch of its bound.
 */
final class ChangeFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final int BATCHES = 64;

    private final List<Consumer<NamespaceChange>> listeners = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<List<NamespaceChange>> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    ChangeFeed() {
        thread = Thread.ofPlatform().name("catalog-changes").daemon().unstarted(this::deliver);
        thread.start();
    }

    Subscription subscribe(Consumer<NamespaceChange> listener) {
        // Wrapped, so that each subscription of one listener ends by itself.
        Consumer<NamespaceChange> own = change -> listener.accept(change);
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    boolean hasListeners() {
        return !listeners.isEmpty();
    }

    void publish(List<NamespaceChange> changes) {
        if (!changes.isEmpty() && hasListeners()) {
            queue.add(List.copyOf(changes));
        }
    }

    /** Waits, at most a second, until most of what was published before is delivered. */
    synchronized void awaitRoom() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        for (long left = 1; left > 0 && queue.size() >= BATCHES; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1_000_000, left));
        }
    }

    private synchronized void announceRoom() {
        notifyAll();
    }

    private void deliver() {
        while (!closed) {
            try {
                List<NamespaceChange> changes = queue.take();
                changes.forEach(this::deliver);
                announceRoom();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** At a thread's root: a listener's mistake must not end the calls of the others. */
    private void deliver(NamespaceChange change) {
        for (Consumer<NamespaceChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener failed on the change {}", change, e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
