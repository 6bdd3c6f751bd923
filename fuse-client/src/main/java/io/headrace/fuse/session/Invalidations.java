package io.headrace.fuse.session;

import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.NamespaceChange;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what it must not believe any more, on a thread of its own: an invalidation waits for the directory's
 * lock, which a lookup in that directory holds until it is answered, so no thread that answers may wait here. What does
 * not fit into the queue, or was missed, is left to expire ({@code fuse.name-validity}).
 */
final class Invalidations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Invalidations.class);
    private static final int WAITING = 1 << 16;

    private final FuseDevice device;
    private final Tree tree;
    private final FuseMetrics metrics;
    private final ThreadPoolExecutor notifier;

    Invalidations(FuseDevice device, Tree tree, FuseMetrics metrics) {
        this.device = device;
        this.tree = tree;
        this.metrics = metrics;
        this.notifier = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("headrace-fuse-notifier").factory(),
                (task, executor) -> metrics.lostInvalidation());
    }

    /** Called by the namespace; does not block. */
    void changed(NamespaceChange change) {
        switch (change) {
            case NamespaceChange.Added added -> {}
            case NamespaceChange.Replaced replaced -> tree.drop(replaced.previousId());
            case NamespaceChange.Removed removed -> tree.drop(removed.previousId());
            case NamespaceChange.Missed missed -> tree.dropAll();
        }
        if (change instanceof NamespaceChange.OfName named) {
            enqueue(() -> {
                forget(named.directoryId(), named.name());
                device.invalidateNode(NodeId.served(named.directoryId()));
            });
        }
    }

    /** The way in which this file is best read has changed: the next lookup shall give its other node. */
    void modeChanged(FileEntry file) {
        enqueue(() -> {
            Optional<Long> parent = tree.namespace().parentOf(file.id());
            if (parent.isPresent()) {
                forget(parent.get(), file.name());
            }
        });
    }

    private void forget(long directoryId, EntryName name) {
        device.invalidateName(NodeId.served(directoryId), name.bytes());
    }

    private void enqueue(Invalidation invalidation) {
        if (notifier.isShutdown()) {
            return;
        }
        notifier.execute(() -> {
            try {
                invalidation.run();
            } catch (Throwable failure) {
                metrics.lostInvalidation();
                LOG.warn("the kernel was not told of a change: {}", failure.toString());
            }
        });
    }

    @Override
    public void close() {
        notifier.shutdownNow();
    }

    private interface Invalidation {
        void run() throws IOException;
    }
}
