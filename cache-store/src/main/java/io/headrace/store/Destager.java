package io.headrace.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.FaultPoints;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies blocks that landed in memory to the disk tier, one after the other on a thread of its own, at the disk's pace.
 * Its queue holds no more than the memory tier does, for a block that is queued stays there. Thread-safe.
 */
final class Destager implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Destager.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(60);

    /** A block takes some milliseconds; a disk that takes longer than this is not waited for. */
    private static final Duration COPY_PATIENCE = Duration.ofMillis(500);

    private final FaultPoints faults;
    private final LinkedBlockingQueue<Block> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition copied = lock.newCondition();

    @GuardedBy("lock")
    private Optional<SparseFile> copying = Optional.empty();

    private record Block(SparseFile file, int index, int term) {}

    Destager(FaultPoints faults) {
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("headrace-destage").daemon().start(this::run);
    }

    void add(SparseFile file, int block, int term) {
        if (!closing) {
            file.retain();
            waiting.incrementAndGet();
            queue.add(new Block(file, block, term));
        }
    }

    /** Waits, not for long, for the one block of this file that may be on its way to the disk now. */
    void awaitCopied(SparseFile file) {
        long nanos = COPY_PATIENCE.toNanos();
        lock.lock();
        try {
            while (nanos > 0 && copying.filter(file::equals).isPresent()) {
                nanos = copied.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
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
        copying(Optional.of(block.file()));
        try {
            block.file().destage(block.index(), block.term());
            faults.reach("store.block.destaged");
        } catch (IOException e) {
            log.warn(
                    "block {} of {} stays in memory only: {}",
                    block.index(),
                    block.file().version(),
                    e.getMessage());
        } finally {
            copying(Optional.empty());
            waiting.decrementAndGet();
            block.file().release();
        }
    }

    private void copying(Optional<SparseFile> file) {
        lock.lock();
        try {
            copying = file;
            copied.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
