package io.headrace.master.cluster;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.v1.ViewUpdate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Tells views to those who watch. A watcher has no queue: when it can take a message and lacks the newest view, it gets
 * what changed since the one that it was told last. Of the views before, a few are kept to say that; a watcher whose view
 * is older is told the whole. One message serves all watchers who had the same view.
 *
 * <p>Thread-safe; {@link #publish} belongs to one thread.
 */
final class ViewWatchers {
    private static final int RECENT_VIEWS = 64;

    private final Semaphore places;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final Deque<ClusterView> recent = new ArrayDeque<>();
    private volatile News news;

    ViewWatchers(int most, KnownViews views) {
        places = new Semaphore(most);
        news = news(views);
    }

    /** Where a watcher's messages go. Called by one thread at a time. */
    interface Listener {
        /** Whether it takes a message now without keeping it for later. When that becomes true, {@link Watcher#offer}. */
        boolean isReady();

        void send(ViewUpdate update);
    }

    /** The newest views, and how to tell them to one who has an older one. */
    private record News(KnownViews views, Map<Long, ClusterView> bases, Map<Long, ViewUpdate> updates) {
        long epoch() {
            return views.current().epoch();
        }

        /** Bounded: one for each base. */
        ViewUpdate since(long epoch) {
            ClusterView base = bases.getOrDefault(epoch, ClusterView.NONE);
            return updates.computeIfAbsent(base.epoch(), known -> ViewCodec.change(base, views));
        }
    }

    /** One who watches, until it is closed. */
    final class Watcher implements AutoCloseable {
        private final Listener listener;
        private long told;
        private boolean greeted;
        private boolean closed;

        private Watcher(Listener listener, long knownEpoch) {
            this.listener = listener;
            told = knownEpoch;
        }

        /** Sends the newest view when the listener is ready for it and lacks it; the first message comes in any case. */
        synchronized void offer() {
            News now = news;
            if (!closed && (!greeted || told != now.epoch()) && listener.isReady()) {
                listener.send(now.since(told));
                told = now.epoch();
                greeted = true;
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                watchers.remove(this);
                places.release();
            }
        }
    }

    /** @throws TooManyWatchersException when as many watch as may */
    Watcher add(Listener listener, long knownEpoch) throws TooManyWatchersException {
        if (!places.tryAcquire()) {
            throw new TooManyWatchersException(watchers.size());
        }
        Watcher watcher = new Watcher(listener, knownEpoch);
        watchers.add(watcher);
        watcher.offer();
        return watcher;
    }

    void publish(KnownViews views) {
        news = news(views);
        watchers.forEach(Watcher::offer);
    }

    int count() {
        return watchers.size();
    }

    private News news(KnownViews views) {
        recent.addFirst(views.current());
        if (recent.size() > RECENT_VIEWS) {
            recent.removeLast();
        }
        Map<Long, ClusterView> bases = new ConcurrentHashMap<>();
        recent.forEach(view -> bases.put(view.epoch(), view));
        return new News(views, bases, new ConcurrentHashMap<>());
    }

    static final class TooManyWatchersException extends Exception {
        private TooManyWatchersException(int watchers) {
            super("already " + watchers
                    + " processes follow the cluster's view, as many as cluster.most-watchers allows");
        }
    }
}
