package io.headrace.store;

import io.headrace.protocol.FaultPoints;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies blocks that landed in memory to the disk tier, one after the other on a thread of its own, at the disk's pace.
 * Its queue holds no more than the memory tier does, for a block that is queued stays there. Thread-safe.
 */
final class Destager implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Destager.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(60);

    private final FaultPoints faults;
    private final LinkedBlockingQueue<Block> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;

    private record Block(SparseFile file, int index) {}

    Destager(FaultPoints faults) {
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("headrace-destage").daemon().start(this::run);
    }

    void add(SparseFile file, int block) {
        if (!closing) {
            file.retain();
            waiting.incrementAndGet();
            queue.add(new Block(file, block));
        }
    }

    /** Blocks that are not copied yet. */
    int waiting() {
        return waiting.get();
    }

    /** Ends when all that was queued is on its way to the disk; readers and flights must have ended. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                log.warn(
                        "{} blocks were not copied to the disk in {} s; they will be fetched again",
                        queue.size(),
                        CLOSE_PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            try {
                copy(closing ? queue.remove() : queue.take());
            } catch (InterruptedException closingNow) {
                log.trace("told to close", closingNow);
            }
        }
    }

    private void copy(Block block) {
        try {
            block.file().destage(block.index());
            faults.reach("store.block.destaged");
        } catch (IOException e) {
            log.warn(
                    "block {} of {} stays in memory only: {}",
                    block.index(),
                    block.file().version(),
                    e.getMessage());
        } finally {
            waiting.decrementAndGet();
            block.file().release();
        }
    }
}
