package io.headrace.fuse.session;

import io.headrace.client.NextFile;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.Namespace;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the start of the file that a reader will open next: the next shard of a model. The file is opened as if it was
 * read, and lingers as such, so that its reader finds it open; without a reader the fetch ends with the lingering.
 */
final class NextFilePrefetch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NextFilePrefetch.class);
    private static final int MOST_WAITING = 64;

    private final Namespace namespace;
    private final OpenFiles files;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("headrace-fuse-next-file").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    NextFilePrefetch(Namespace namespace, OpenFiles files) {
        this.namespace = namespace;
        this.files = files;
    }

    /** Returns at once; the name is looked up beside the reader, as that may ask the origin. */
    void begin(FileEntry present, NextFile next) {
        thread.execute(() -> fetch(present, next));
    }

    private void fetch(FileEntry present, NextFile next) {
        try {
            Optional<Long> directory = namespace.parentOf(present.id());
            if (directory.isPresent()
                    && namespace.lookup(directory.get(), next.name()).orElse(null) instanceof FileEntry file) {
                prefetch(file, next.bytes());
            }
        } catch (Throwable failure) {
            LOG.debug("{} is not fetched ahead of its reader: {}", next.name(), failure.toString());
        }
    }

    private void prefetch(FileEntry file, long bytes) throws IOException {
        OpenFile opened = files.retain(file);
        try {
            opened.cached().prefetch(new ByteRange(0, bytes), FetchReason.READ_AHEAD);
        } finally {
            files.release(opened);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
