package io.headrace.worker.serve;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Status;
import io.headrace.store.BlockStore;
import io.headrace.store.CachedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.worker.demand.BlockDemand;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as connections use it: on threads of its own, because a look into a mapped file may wait for the disk, which an
 * event loop must not. Bytes are summed or touched there (or on the fetch thread that brought them), so that their pages are
 * in memory by the time the event loop writes them. Thread-safe.
 */
final class StoreReads {
    private static final Logger LOG = LoggerFactory.getLogger(StoreReads.class);

    /** Small enough for the second-level cache: summing then costs little beside bringing the bytes there. */
    private static final int SCRATCH_BYTES = 64 << 10;

    private static final int SCRATCHES_KEPT = 32;
    private static final int PAGE_BYTES = 4 << 10;

    private final BlockStore store;
    private final RangeSource source;
    private final ConnectionTable table;
    private final BlockDemand demand;
    private final ThreadPoolExecutor threads;
    private final ArrayBlockingQueue<byte[]> scratches = new ArrayBlockingQueue<>(SCRATCHES_KEPT);

    StoreReads(ServeParts parts, ConnectionTable table) {
        this.store = parts.store();
        this.source = parts.source();
        this.table = table;
        this.demand = parts.demand();
        ThreadFactory factory =
                Thread.ofPlatform().daemon().name("headrace-serve-read-", 0).factory();
        int readThreads = parts.settings().readThreads();
        int mostQueued = parts.settings().mostConnections() * AnswerQueue.MOST_AHEAD;
        this.threads = new ThreadPoolExecutor(
                readThreads, readThreads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(mostQueued), factory);
    }

    BlockDemand demand() {
        return demand;
    }

    /** What a task comes to. */
    interface Outcome {
        void failed(Failure failure);
    }

    /** Runs the task; whatever it throws is the outcome. */
    void run(Outcome outcome, Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (Throwable unexpected) {
                    LOG.error("a read of the store failed unexpectedly", unexpected);
                    outcome.failed(Failure.of(Status.WORKER_FAILED, "the worker failed; its log says why"));
                }
            });
        } catch (RejectedExecutionException full) {
            outcome.failed(Failure.of(Status.OVERLOADED, "the worker has too many reads waiting, or is about to stop"));
        }
    }

    /** Tasks that no thread has begun. */
    int waiting() {
        return threads.getQueue().size();
    }

    /** Blocks; for tasks. */
    ServedFile open(FileVersion version) throws IOException {
        CachedFile file = store.open(version, source);
        return new ServedFile(file, this);
    }

    void close(CachedFile file) {
        table.closedFile();
        try {
            threads.execute(file::close);
        } catch (RejectedExecutionException ending) {
            file.close();
        }
    }

    /**
     * CRC32C of the bytes, whose pages are in memory then: of whole parts of a block that is kept, as they were fetched.
     *
     * @throws io.headrace.store.UnreadableBytesException when what is kept is not what was fetched
     */
    int crc(PinnedBytes bytes) throws IOException {
        OptionalInt fetched = bytes.fetchedCrc();
        try {
            if (fetched.isEmpty()) {
                return summed(bytes);
            }
            bytes.segments().forEach(StoreReads::touch);
            return fetched.getAsInt();
        } catch (InternalError fault) {
            throw new IOException("the cache's file was cut short, or its disk fails, under bytes to send", fault);
        }
    }

    private static void touch(MemorySegment segment) {
        for (long at = 0; at < segment.byteSize(); at += PAGE_BYTES) {
            byte _ = segment.get(ValueLayout.JAVA_BYTE, at);
        }
    }

    /**
     * They are copied piece by piece first: a mapping whose file was cut short then is an error, where in a checksum's own
     * code it would be the end of the process.
     */
    private int summed(PinnedBytes bytes) {
        byte[] known = scratches.poll();
        byte[] scratch = known == null ? new byte[SCRATCH_BYTES] : known;
        try {
            CRC32C crc = new CRC32C();
            for (MemorySegment segment : bytes.segments()) {
                for (long at = 0; at < segment.byteSize(); at += SCRATCH_BYTES) {
                    int count = (int) Math.min(SCRATCH_BYTES, segment.byteSize() - at);
                    MemorySegment.copy(segment, at, MemorySegment.ofArray(scratch), 0, count);
                    crc.update(scratch, 0, count);
                }
            }
            return (int) crc.getValue();
        } finally {
            scratches.offer(scratch);
        }
    }

    /** Ends the threads when they have done what waits; false when that took too long. */
    boolean close(long atMostNanos) throws InterruptedException {
        threads.shutdown();
        return threads.awaitTermination(atMostNanos, TimeUnit.NANOSECONDS);
    }
}
