package io.headrace.master.serve;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.DirectoryPage;
import io.headrace.protocol.v1.ListDirectoryRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directories that clients have open, and the end of those that nobody reads on in. Thread-safe. */
final class DirectoryCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCalls.class);

    private final AnswerValidity validity;
    private final Semaphore room;
    private final long idleNanos;
    private final Set<DirectoryCall> open = ConcurrentHashMap.newKeySet();
    private final Thread thread;

    DirectoryCalls(AnswerValidity validity, ServeSettings settings) {
        this.validity = validity;
        this.room = new Semaphore(settings.openDirectories());
        this.idleNanos = settings.openDirectoryIdle().toNanos();
        this.thread = Thread.ofPlatform().name("catalog-directories").daemon().unstarted(this::expire);
        thread.start();
    }

    StreamObserver<ListDirectoryRequest> open(Namespace names, ServerCallStreamObserver<DirectoryPage> call) {
        if (!room.tryAcquire()) {
            call.onError(FailureCodec.busy("too many directories are open; raise serve.open-directories"));
            return new Refused();
        }
        DirectoryCall opened = new DirectoryCall(names, validity, call, this::closed);
        open.add(opened);
        opened.start();
        return opened;
    }

    int size() {
        return open.size();
    }

    private void closed(DirectoryCall call) {
        if (open.remove(call)) {
            room.release();
        }
    }

    private void expire() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(idleNanos / 4);
                open.forEach(this::expire);
            }
        } catch (InterruptedException closing) {
            // The end of the thread.
        }
    }

    /** At a thread's root: one call's mistake must not keep the others open. */
    private void expire(DirectoryCall call) {
        try {
            call.expireAfter(idleNanos);
        } catch (RuntimeException e) {
            LOG.warn("a directory that nobody reads could not be closed", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        open.forEach(DirectoryCall::shutDown);
    }

    /** Swallows what a refused client still sends. */
    private static final class Refused implements StreamObserver<ListDirectoryRequest> {
        @Override
        public void onNext(ListDirectoryRequest request) {}

        @Override
        public void onError(Throwable cancelled) {}

        @Override
        public void onCompleted() {}
    }
}
