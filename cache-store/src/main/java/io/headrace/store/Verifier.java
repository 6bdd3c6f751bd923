package io.headrace.store;

import io.headrace.protocol.Blocks;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies, beside the readers, files that were whole before the restart, so that they can be handed out soon after they
 * are opened. Thread-safe.
 */
final class Verifier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Verifier.class);
    private static final int THREADS = 2;

    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("headrace-verify-", 0).daemon().factory());
    private volatile boolean closed;

    /** Takes over nothing; returns at once. A copy that lacks blocks is left to its readers. */
    void verifyUnsure(SparseFile file) {
        for (TierCopy copy : file.copiesNow()) {
            boolean whole = copy.states().keptBlocks() == copy.states().blocks();
            if (whole && !copy.isComplete() && !closed) {
                file.retain();
                threads.execute(() -> verify(file, copy));
            }
        }
    }

    private void verify(SparseFile file, TierCopy copy) {
        try {
            int blocks = Blocks.count(file.version().lengthBytes());
            for (int block = 0; block < blocks && !closed; block++) {
                if (copy.states().isUnsure(block)) {
                    copy.verification().verify(block);
                }
            }
        } catch (NoSuchFileException evicted) {
            log.debug("{} went before it was verified", copy.file().path());
        } catch (IOException e) {
            log.warn("could not verify {}", copy.file().path(), e);
        } finally {
            file.release();
        }
    }

    /** Ends after the block that is being read. */
    @Override
    public void close() {
        closed = true;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("a read of the cache directory hangs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
