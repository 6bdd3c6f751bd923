package io.headrace.master.serve;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.ChangeBatch;
import io.headrace.protocol.v1.WatchChangesRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who follow the changes, served in turn by one thread, each as fast as it takes them. Thread-safe. */
final class Watchers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

    private final ChangeLog log;
    private final Supplier<Instant> rootModified;
    private final Duration heartbeat;
    private final Semaphore room;
    private final Set<Watcher> watching = ConcurrentHashMap.newKeySet();
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    Watchers(ChangeLog log, Supplier<Instant> rootModified, ServeSettings settings) {
        this.log = log;
        this.rootModified = rootModified;
        this.heartbeat = settings.heartbeat();
        this.room = new Semaphore(settings.watchers());
        this.thread = Thread.ofPlatform().name("catalog-watchers").daemon().unstarted(this::serve);
        thread.start();
    }

    /** Sends at once, and then until the caller ends the call. */
    void watch(WatchChangesRequest from, Sight sight, ServerCallStreamObserver<ChangeBatch> call) {
        if (!room.tryAcquire()) {
            call.onError(FailureCodec.busy("too many clients follow this master's changes; raise serve.watchers"));
            return;
        }
        Watcher watcher = new Watcher(from, sight, call);
        call.setOnCancelHandler(() -> remove(watcher));
        call.setOnReadyHandler(watcher::send);
        watching.add(watcher);
        if (call.isCancelled()) {
            remove(watcher);
        }
        watcher.send();
    }

    int size() {
        return watching.size();
    }

    /** There is more in the log. */
    void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    private void remove(Watcher watcher) {
        if (watching.remove(watcher)) {
            room.release();
        }
    }

    private void serve() {
        while (!closed) {
            try {
                boolean _ = news.tryAcquire(heartbeat.toMillis() / 2, TimeUnit.MILLISECONDS);
                news.drainPermits();
                watching.forEach(this::send);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** At a thread's root: what goes wrong with one watcher must not end the news of the others. */
    private void send(Watcher watcher) {
        try {
            watcher.send();
        } catch (RuntimeException e) {
            LOG.warn("a client that follows changes is dropped: {}", e.toString());
            remove(watcher);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        watching.forEach(Watcher::end);
    }

    /** One call. */
    private final class Watcher {
        private final Sight sight;
        private final ServerCallStreamObserver<ChangeBatch> call;
        private long history;
        private long sequence;
        private boolean ended;
        private long sentNanos = System.nanoTime() - TimeUnit.DAYS.toNanos(1);

        Watcher(WatchChangesRequest from, Sight sight, ServerCallStreamObserver<ChangeBatch> call) {
            this.sight = sight;
            this.call = call;
            this.history = from.getHistory();
            this.sequence = from.getSequence();
        }

        synchronized void end() {
            if (!ended && !call.isCancelled()) {
                ended = true;
                call.onCompleted();
            }
            remove(this);
        }

        synchronized void send() {
            while (!ended && call.isReady() && !call.isCancelled()) {
                long now = System.nanoTime();
                ChangeLog.Slice slice = log.read(history, sequence);
                if (!slice.isNews() && now - sentNanos < heartbeat.toNanos()) {
                    return;
                }
                if (!mayGoOn()) {
                    return;
                }
                history = log.history();
                sequence = slice.sequence();
                sentNanos = now;
                call.onNext(ChangeBatch.newBuilder()
                        .setHistory(history)
                        .setSequence(sequence)
                        .setStartOver(slice.startOver())
                        .addAllChanges(sight.of(slice.changes()))
                        .setRootModifiedUnixMillis(rootModified.get().toEpochMilli())
                        .setHeartbeatMillis(heartbeat.toMillis())
                        .build());
            }
        }

        /** Ends the call when its token has expired. */
        private boolean mayGoOn() {
            try {
                sight.requireCurrent();
                return true;
            } catch (StatusRuntimeException expired) {
                ended = true;
                call.onError(expired);
                remove(this);
                return false;
            }
        }
    }
}
