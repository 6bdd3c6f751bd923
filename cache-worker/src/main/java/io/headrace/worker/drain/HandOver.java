package io.headrace.worker.drain;

import io.headrace.client.block.WorkerConnections;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Worker;
import io.headrace.store.BlockStore;
import io.headrace.store.CachedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.store.Residency;
import io.headrace.worker.ByteRate;
import io.headrace.worker.drain.HandOverTally.Outcome;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each block of a store taken by its new owners. A block is pinned here while they take it, so it cannot be evicted
 * under them. Files that are pinned come first. Which blocks there are is looked up as it goes: one that is evicted
 * meanwhile is passed over, and counts as left.
 */
public final class HandOver {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
    private static final long END_SECONDS = 5;

    private final Parts parts;
    private final DrainSettings settings;
    private final HandOverTally tally;

    /**
     * What it works with; it owns none of it.
     *
     * @param source of the store's other readers
     */
    public record Parts(
            BlockStore store, RangeSource source, Neighbourhood neighbourhood, WorkerConnections connections) {}

    public HandOver(Parts parts, DrainSettings settings, HandOverTally tally) {
        this.parts = parts;
        this.settings = settings;
        this.tally = tally;
    }

    /**
     * Goes over the store once.
     *
     * @param deadline by {@link System#nanoTime}
     * @return whether it came to the end in time, and with somebody to give to
     */
    public boolean run(Vacancies vacancies, long deadline) throws IOException, InterruptedException {
        BlockGiver giver = new BlockGiver(parts, vacancies, new ByteRate(settings.maxBytesPerSecond()), deadline);
        Semaphore turns = new Semaphore(settings.parallelBlocks());
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("hand-over-", 0).factory());
        try {
            Order order = pinnedFirst();
            Turns all = new Turns(turns, threads, deadline);
            return handOver(order.pinned(), all, giver) && handOver(order.others(), all, giver);
        } finally {
            threads.shutdownNow();
            if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("blocks that were being handed over did not end within {} s", END_SECONDS);
            }
        }
    }

    /** Ends when all that was begun has ended: none of what comes behind may take the room of these. */
    private boolean handOver(List<FileVersion> versions, Turns turns, BlockGiver giver)
            throws IOException, InterruptedException {
        for (FileVersion version : versions) {
            if (!walk(version, turns, giver)) {
                return false;
            }
        }
        int all = settings.parallelBlocks();
        boolean ended = turns.free().tryAcquire(all, left(turns.deadline()), TimeUnit.NANOSECONDS);
        if (ended) {
            turns.free().release(all);
        }
        return ended;
    }

    private record Order(List<FileVersion> pinned, List<FileVersion> others) {}

    private record Turns(Semaphore free, ExecutorService threads, long deadline) {}

    private Order pinnedFirst() throws IOException {
        List<FileVersion> pinned = new ArrayList<>();
        List<FileVersion> others = new ArrayList<>();
        for (FileVersion version : parts.store().versions()) {
            Optional<Residency> residency = parts.store().residency(version);
            tally.begin(residency.map(Residency::uniqueBytes).orElse(0L));
            (residency.map(Residency::pinned).orElse(false) ? pinned : others).add(version);
        }
        return new Order(pinned, others);
    }

    private boolean walk(FileVersion version, Turns turns, BlockGiver giver) throws IOException, InterruptedException {
        try (CachedFile file = parts.store().open(version, parts.source())) {
            int blocks = Blocks.count(version.lengthBytes());
            for (int block = 0; block < blocks; block++) {
                ByteRange range = Blocks.range(block, version.lengthBytes());
                Optional<PinnedBytes> kept = pin(file, range);
                if (kept.isPresent()) {
                    if (!canGoOn(turns)) {
                        kept.get().close();
                        return false;
                    }
                    turns.threads().execute(() -> give(new KeptBlock(version, range, kept.get()), turns.free(), giver));
                }
            }
        }
        return true;
    }

    /** Waits for a turn; false when the time is over, or nobody is left who owns blocks. */
    private boolean canGoOn(Turns turns) throws InterruptedException {
        boolean somebody =
                parts.neighbourhood().views().current().workers().stream().anyMatch(Worker::ownsBlocks);
        long left = left(turns.deadline());
        return somebody && left > 0 && turns.free().tryAcquire(left, TimeUnit.NANOSECONDS);
    }

    private Optional<PinnedBytes> pin(CachedFile file, ByteRange range) {
        try {
            return file.readNow(range);
        } catch (IOException e) {
            LOG.warn("{} of {} cannot be read and is not handed over", range, file.version(), e);
            tally.count(Outcome.FAILED, range.length());
            return Optional.empty();
        }
    }

    private record KeptBlock(FileVersion version, ByteRange range, PinnedBytes bytes) {}

    /** A thread's root. */
    // A block that fails in an unforeseen way must not keep its turn, nor go uncounted.
    @SuppressWarnings("IllegalCatch")
    private void give(KeptBlock block, Semaphore turns, BlockGiver giver) {
        Outcome outcome = Outcome.FAILED;
        try {
            outcome = giver.give(block.version(), block.range());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            LOG.error("handing over {} of {} failed unexpectedly", block.range(), block.version(), e);
        } finally {
            block.bytes().close();
            tally.count(outcome, block.range().length());
            turns.release();
        }
    }

    private static long left(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }
}
