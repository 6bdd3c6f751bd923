package io.headrace.master.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.CatalogEntry;
import io.headrace.protocol.v1.DirectoryPage;
import io.headrace.protocol.v1.ListDirectoryRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One directory that a client has open: its snapshot lasts as long as the call. The next request is taken from the
 * connection when the page before it has left, so that a client that only asks costs no memory.
 */
final class DirectoryCall implements StreamObserver<ListDirectoryRequest> {
    static final int PAGE_ENTRIES = 4096;
    static final int PAGE_BYTES = 512 * 1024;

    private final Namespace namespace;
    private final AnswerValidity validity;
    private final ServerCallStreamObserver<DirectoryPage> call;
    private final Consumer<DirectoryCall> closed;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable DirectoryCursor cursor;
    private boolean pageOnItsWay;
    private boolean ended;
    private long usedNanos = System.nanoTime();

    DirectoryCall(
            Namespace namespace,
            AnswerValidity validity,
            ServerCallStreamObserver<DirectoryPage> call,
            Consumer<DirectoryCall> closed) {
        this.namespace = namespace;
        this.validity = validity;
        this.call = call;
        this.closed = closed;
    }

    void start() {
        call.disableAutoRequest();
        call.setOnCancelHandler(this::end);
        call.setOnReadyHandler(this::askForNext);
        pageOnItsWay = true;
        askForNext();
    }

    private void askForNext() {
        lock.lock();
        try {
            if (pageOnItsWay && call.isReady()) {
                pageOnItsWay = false;
                call.request(1);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(ListDirectoryRequest request) {
        lock.lock();
        try {
            if (!ended) {
                call.onNext(page(request));
                usedNanos = System.nanoTime();
                pageOnItsWay = true;
            }
        } catch (IOException e) {
            release();
            call.onError(Answers.failure(e));
        } finally {
            lock.unlock();
        }
        askForNext();
    }

    private DirectoryPage page(ListDirectoryRequest request) throws IOException {
        DirectoryCursor open = cursor;
        if (open == null) {
            open = namespace.openDirectory(request.getDirectoryId());
            cursor = open;
        }
        open.seek(Math.max(0, request.getPosition()));
        DirectoryPage.Builder page = DirectoryPage.newBuilder()
                .setPosition(open.position())
                .setValidMillis(validity.of(Optional.empty()).toMillis());
        int most = request.getLimit() > 0 ? Math.min(request.getLimit(), PAGE_ENTRIES) : PAGE_ENTRIES;
        int size = 0;
        while (page.getEntriesCount() < most && size < PAGE_BYTES) {
            Optional<Entry> next = open.next();
            if (next.isEmpty()) {
                return page.setEnd(true).build();
            }
            CatalogEntry entry = NamesCodec.toMessage(next.get());
            size += entry.getSerializedSize();
            page.addEntries(entry);
        }
        return page.build();
    }

    @Override
    public void onError(Throwable cancelled) {
        end();
    }

    @Override
    public void onCompleted() {
        lock.lock();
        try {
            if (release()) {
                call.onCompleted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the directory when nobody asked for so long; not while a page is being made. */
    void expireAfter(long idleNanos) {
        if (lock.tryLock()) {
            try {
                if (System.nanoTime() - usedNanos > idleNanos) {
                    finish(Status.ABORTED.withDescription(
                            "nobody read on in the directory for a while: open it again"));
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The master ends. */
    void shutDown() {
        lock.lock();
        try {
            finish(Status.UNAVAILABLE.withDescription("the master is ending"));
        } finally {
            lock.unlock();
        }
    }

    private void finish(Status why) {
        if (release() && !call.isCancelled()) {
            call.onError(why.asRuntimeException());
        }
    }

    /** The client ended the call, or its connection broke. */
    private void end() {
        lock.lock();
        try {
            boolean _ = release();
        } finally {
            lock.unlock();
        }
    }

    /** @return whether it was open until now */
    private boolean release() {
        if (ended) {
            return false;
        }
        ended = true;
        if (cursor != null) {
            cursor.close();
        }
        closed.accept(this);
        return true;
    }
}
