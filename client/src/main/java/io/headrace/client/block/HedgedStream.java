package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.protocol.FetchReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that is put to a second worker when the first lets its reader wait longer than usual for the first bytes. Who
 * brings bytes first is read to the end, and the connection to the other is closed.
 *
 * <p>The reader's buffer is filled by the reader's thread alone: it waits in the first worker's connection, and the second
 * worker's first frame goes into memory of its own, on a thread of {@link Hedges}. {@link #stage} says once and for all who
 * won; when it is the second, closing the first's connection wakes the reader, who takes that frame. So a loser's bytes are
 * never told of, and none come into the buffer behind the winner's.
 */
final class HedgedStream implements ByteStream {
    private static final Logger LOG = LoggerFactory.getLogger(HedgedStream.class);

    private enum Stage {
        OPEN,
        FIRST,
        SECOND,
        CLOSED
    }

    private final WorkerStream first;
    private final Rival rival;
    private final Hedges hedges;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);
    private volatile @Nullable WorkerStream second;

    /** The second worker's first bytes; not to be touched by the reader unless the second won. */
    private ByteBuffer brought = ByteBuffer.allocate(0);

    private boolean begun;

    HedgedStream(WorkerStream first, Rival rival, Hedges hedges) {
        this.first = first;
        this.rival = rival;
        this.hedges = hedges;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!begun) {
            begun = true;
            return readFirst(into);
        }
        return stage.get() == Stage.SECOND && brought.hasRemaining()
                ? takeBrought(into)
                : current().read(into);
    }

    private int readFirst(ByteBuffer into) throws IOException {
        int start = into.position();
        long began = System.nanoTime();
        long delay = hedges.delayNanos(first.pool(), rival.pool());
        Future<?> alarm = hedges.after(delay, this::askAnother);
        try {
            int count = first.read(into);
            if (stage.compareAndSet(Stage.OPEN, Stage.FIRST)) {
                answered(System.nanoTime() - began, delay);
                return count;
            }
        } catch (IOException failure) {
            boolean _ = stage.compareAndSet(Stage.OPEN, Stage.FIRST);
            if (stage.get() != Stage.SECOND) {
                throw failure;
            }
        } finally {
            boolean _ = alarm.cancel(false);
            closeLoser();
        }
        into.position(start);
        if (stage.get() != Stage.SECOND) {
            throw new AsynchronousCloseException();
        }
        first.pool().pace().took(System.nanoTime() - began);
        first.pool().promptness().failed();
        return takeBrought(into);
    }

    private void answered(long nanos, long delay) {
        first.pool().pace().took(nanos);
        if (nanos <= delay) {
            first.pool().promptness().answered();
        }
    }

    private int takeBrought(ByteBuffer into) {
        int count = Math.min(into.remaining(), brought.remaining());
        into.put(brought.slice(brought.position(), count));
        brought.position(brought.position() + count);
        return count;
    }

    /** A thread's root. */
    // A failure that nobody sees must not pass unseen.
    @SuppressWarnings("IllegalCatch")
    private void askAnother() {
        try {
            if (stage.get() != Stage.OPEN || first.isWorkedOn() || first.pool().isOverloaded()) {
                return;
            }
            Optional<WorkerStream> asked = rival.ask();
            if (asked.isPresent()) {
                second = asked.get();
                race(asked.get());
            }
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (Throwable unexpected) {
            LOG.error("asking a second worker failed unexpectedly", unexpected);
        }
    }

    private void race(WorkerStream other) {
        if (stage.get() != Stage.OPEN) {
            other.close();
            return;
        }
        ByteBuffer own = ByteBuffer.allocate(rival.asked().terms().frameBytes());
        try {
            long began = System.nanoTime();
            int count = other.read(own);
            rival.pool().pace().took(System.nanoTime() - began);
            brought = own.flip();
            if (count > 0 && stage.compareAndSet(Stage.OPEN, Stage.SECOND)) {
                hedges.tally().hedgesWon.increment();
                first.close();
            } else {
                other.close();
            }
        } catch (IOException failure) {
            if (stage.get() == Stage.OPEN) {
                other.failed(failure);
            }
            other.release();
        }
    }

    private void closeLoser() {
        WorkerStream other = second;
        if (other != null && stage.get() != Stage.SECOND) {
            other.close();
        }
    }

    private WorkerStream current() {
        WorkerStream other = second;
        return other != null && stage.get() == Stage.SECOND ? other : first;
    }

    @Override
    public long end() {
        return first.end();
    }

    @Override
    public void urge(FetchReason reason) {
        current().urge(reason);
    }

    @Override
    public void failed(IOException failure) {
        current().failed(failure);
    }

    @Override
    public void release() {
        current().release();
    }

    @Override
    public void close() {
        boolean _ = stage.compareAndSet(Stage.OPEN, Stage.CLOSED);
        WorkerStream other = second;
        if (other != null) {
            other.close();
        }
        first.close();
    }

    @Override
    public Optional<Stop> stop() {
        return current().stop();
    }

    @Override
    public String name() {
        return current().name();
    }
}
