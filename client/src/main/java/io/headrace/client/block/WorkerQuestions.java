package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.ReadTerms;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Reads that are put to one worker alone and once, for who wants to know how that worker stands, where a
 * {@link RoutedSource} goes on elsewhere. Thread-safe.
 */
public final class WorkerQuestions {
    private static final int FRAME_BYTES = 64 << 10;

    private final WorkerConnections connections;

    /** @param connections stay the caller's */
    public WorkerQuestions(WorkerConnections connections) {
        this.connections = connections;
    }

    /**
     * Reads a range, compares it with its checksums and drops it.
     *
     * @param range inside one block, and a few pages at most: it is kept in memory
     * @param patience for a free connection, and then for the answer
     * @throws io.headrace.protocol.block.PeerException when the worker refuses
     * @throws io.headrace.protocol.OriginException what its origin said
     * @throws IOException when it cannot be reached
     */
    public void read(Stop stop, FileVersion version, ByteRange range, Duration patience)
            throws IOException, InterruptedException {
        WorkerPool pool = connections.pool(stop.worker());
        if (!pool.breaker().mayAsk()) {
            throw UnreachableWorkerException.because(
                    "worker " + stop.worker().id() + " failed lately and is not asked for a moment");
        }
        if (!pool.awaitTurn(patience.toNanos())) {
            throw UnreachableWorkerException.because("no connection to worker "
                    + stop.worker().id() + " became free within " + patience + "; raise peer.connections-per-worker");
        }
        int millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(patience.toNanos()), 1, Integer.MAX_VALUE);
        ReadTerms terms = new ReadTerms(FetchReason.LOAD, stop.reach(), FRAME_BYTES, millis);
        WorkerStream stream = new WorkerStream(connections, pool, new WorkerStream.Asked(version, range, terms));
        try {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(range.length()));
            while (bytes.hasRemaining()) {
                if (stream.read(bytes) < 0) {
                    throw new EOFException(stream.name() + " gave less than " + range);
                }
            }
        } catch (IOException failure) {
            if (!Thread.currentThread().isInterrupted()) {
                stream.failed(failure);
            }
            throw failure;
        } finally {
            stream.release();
        }
    }
}
