package io.headrace.fuse.session;

import io.headrace.client.SiblingReadAhead;
import io.headrace.fuse.FileOpener;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.Namespace;
import io.headrace.store.CachedFile;
import io.headrace.store.FetchProgress;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the small files of directories that a reader works through: one directory at a time, a bounded number of
 * files at a time. Directories beyond a short queue are left out; their files are then fetched as they are read.
 */
final class SiblingPrefetch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiblingPrefetch.class);
    private static final int WAITING_DIRECTORIES = 256;
    private static final int FILES_AT_A_TIME = 32;

    private final Namespace namespace;
    private final FileOpener files;
    private final SiblingReadAhead readAhead;
    private final long smallFileBytes;
    private final Semaphore room = new Semaphore(FILES_AT_A_TIME);
    private final ThreadPoolExecutor directories = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_DIRECTORIES),
            Thread.ofPlatform().daemon().name("headrace-fuse-siblings").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    private final ExecutorService loads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("headrace-fuse-sibling-", 0).factory());

    SiblingPrefetch(Namespace namespace, FileOpener files, SiblingReadAhead readAhead, long smallFileBytes) {
        this.namespace = namespace;
        this.files = files;
        this.readAhead = readAhead;
        this.smallFileBytes = smallFileBytes;
    }

    /** A read met bytes that were not here. */
    void missed(FileEntry file) throws IOException {
        if (file.version().lengthBytes() > smallFileBytes) {
            return;
        }
        Optional<Long> parent = namespace.parentOf(file.id());
        if (parent.isPresent()) {
            for (long directory : readAhead.observeMiss(parent.get(), file.id())) {
                directories.execute(() -> fetchDirectory(directory));
            }
        }
    }

    private void fetchDirectory(long directoryId) {
        try (DirectoryCursor cursor = namespace.openDirectory(directoryId)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                if (next.get() instanceof FileEntry file
                        && file.version().lengthBytes() <= smallFileBytes
                        && file.version().lengthBytes() > 0) {
                    room.acquire();
                    loads.execute(() -> fetch(file));
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            LOG.debug("the files of directory {} are not fetched ahead: {}", directoryId, failure.toString());
        }
    }

    private void fetch(FileEntry file) {
        try (CachedFile cached = files.open(file)) {
            if (!cached.isComplete()) {
                cached.load(file.version().wholeFile(), FetchReason.READ_AHEAD, FetchProgress.IGNORED);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) {
            LOG.debug("{} was not fetched ahead: {}", file.version(), failure.toString());
        } finally {
            room.release();
        }
    }

    @Override
    public void close() {
        directories.shutdownNow();
        loads.shutdownNow();
    }
}
