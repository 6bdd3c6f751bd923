package io.headrace.client.block;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.client.block.WorkerStream.Asked;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.UrgentChannel;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.ReadTerms;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One range, brought by as many streams as it takes, one after the other. A stream ends with its block, or with the last of
 * the blocks behind it that have the same route, up to what one READ may ask for. When a stream fails, the next stop of the
 * route goes on at the byte reached, and where it failed because of damaged bytes, first the same worker, asked to repair
 * them; after the last stop comes the origin, unless one who fetches said that it lives; and without an origin another round,
 * after a pause and by the view of then, until no byte has come for the deadline. Before the first stop of a block come the stores of this machine.
 *
 * <p>When an origin spoke through a worker (the object is gone, say), the others are asked for what they keep only: they
 * would hear the same.
 *
 * <p>All but {@link #close}, {@link #urge} and {@link #isOpen} belong to the reading thread.
 */
final class RoutedChannel implements UrgentChannel {
    /** Workers know the sums of such parts of a block since they fetched it: damage of their caches then shows here. */
    private static final int LEAST_FRAME_BYTES = 256 << 10;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A turn is waited for in pieces, because a close does not wake who waits. */
    private static final long TURN_PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RoutedSource source;
    private final FileVersion version;
    private final ByteRange range;
    private final FetchReason asked;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long patienceNanos;

    private long position;
    private long deadlineAt;
    private Attempts attempts = new Attempts();
    private @Nullable Itinerary itinerary;
    private boolean originTried;
    private boolean damaged;
    private long pause = FIRST_PAUSE_NANOS;

    private volatile FetchReason urgency;
    private volatile @Nullable ByteStream current;

    RoutedChannel(RoutedSource source, FileVersion version, ByteRange range, FetchReason reason) {
        this.source = source;
        this.version = version;
        this.range = range;
        this.asked = reason;
        this.urgency = reason;
        this.position = range.offset();
        this.patienceNanos = source.connections().settings().deadline().toNanos();
        this.deadlineAt = System.nanoTime() + patienceNanos;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (position == range.end()) {
            return -1;
        }
        int start = into.position();
        while (into.hasRemaining()) {
            ByteStream stream = current;
            if (stream == null) {
                stream = nextStream(into.remaining());
            }
            try {
                int count = stream.read(into);
                if (count < 0) {
                    throw new EOFException(stream.name() + " ended before its range");
                }
                if (count > 0) {
                    advance(stream, count);
                    return count;
                }
            } catch (IOException failure) {
                into.position(start);
                recover(stream, failure);
            }
        }
        return 0;
    }

    @Override
    public boolean isOpen() {
        return closed.getCount() > 0;
    }

    @Override
    public void urge(FetchReason reason) {
        if (reason.compareTo(urgency) < 0) {
            urgency = reason;
            ByteStream stream = current;
            if (stream != null) {
                stream.urge(reason);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        ByteStream stream = current;
        if (stream != null) {
            stream.close();
        }
    }

    private void advance(ByteStream stream, int count) {
        position += count;
        PeerTally tally = source.connections().tally();
        (stream instanceof OriginStream ? tally.originBytes : tally.bytes).add(count);
        deadlineAt = System.nanoTime() + patienceNanos;
        if (position == stream.end()) {
            stream.release();
            beginBlock();
        }
    }

    private void beginBlock() {
        current = null;
        itinerary = null;
        originTried = false;
        damaged = false;
        attempts = new Attempts();
        pause = FIRST_PAUSE_NANOS;
    }

    private void recover(ByteStream stream, IOException failure) throws IOException {
        boolean wasOpen = isOpen();
        boolean interrupted = failure instanceof ClosedByInterruptException
                || Thread.currentThread().isInterrupted();
        current = null;
        if (wasOpen && !interrupted) {
            stream.failed(failure);
        }
        stream.release();
        if (interrupted) {
            close();
            throw failure instanceof ClosedByInterruptException ? failure : new ClosedByInterruptException();
        }
        if (!wasOpen) {
            throw new AsynchronousCloseException();
        }
        if (stream instanceof OriginStream && failure instanceof OriginException) {
            throw failure;
        }
        attempts.failed(stream, failure);
        if (failure instanceof DamagedBytesException) {
            askForRepair(stream);
        }
    }

    /** Once for a block: the worker compares what it keeps, and fetches again what is damaged. */
    private void askForRepair(ByteStream from) {
        Itinerary left = itinerary;
        if (!damaged && left != null) {
            from.stop().ifPresent(left::goBackTo);
        }
        damaged = true;
    }

    private ByteStream nextStream(int room) throws IOException {
        while (true) {
            Itinerary left = itinerary;
            if (left == null) {
                List<Stop> stops = source.route().stops(version, block());
                left = itinerary(stops);
                itinerary = left;
                Optional<ByteStream> near = source.near(stops, version, ByteRange.between(position, range.end()));
                if (near.isPresent()) {
                    return use(near.get());
                }
            }
            for (Optional<Stop> next = left.next(); next.isPresent(); next = left.next()) {
                Optional<ByteStream> stream = workerStream(next.get(), room);
                if (stream.isPresent()) {
                    return use(stream.get());
                }
            }
            Optional<RangeSource> origin = source.lastResort().origin();
            if (!originTried && origin.isPresent() && attempts.mayAskOrigin()) {
                originTried = true;
                return use(originStream(origin.get()));
            }
            beginRound();
        }
    }

    private Itinerary itinerary(List<Stop> stops) {
        if (stops.isEmpty()) {
            attempts.nobodyKnown(source.route().nobody());
        }
        return new Itinerary(source.connections(), version.mount(), stops);
    }

    private ByteStream use(ByteStream stream) throws AsynchronousCloseException {
        current = stream;
        if (!isOpen()) {
            stream.close();
            throw new AsynchronousCloseException();
        }
        return stream;
    }

    /** Empty when the worker is not to be asked now. */
    private Optional<ByteStream> workerStream(Stop planned, int room) throws IOException {
        Stop stop = attempts.said().isPresent() ? planned.within(Reach.CACHED) : planned;
        WorkerPool pool = source.connections().pool(stop.worker());
        if (!pool.breaker().mayAsk()) {
            attempts.passedOver(stop.worker().id().toString());
            return Optional.empty();
        }
        if (!source.connections().mayAskNow(attempts.areRetries())) {
            rest();
        }
        awaitTurn(pool);
        int frameBytes = Math.clamp(Integer.highestOneBit(room), LEAST_FRAME_BYTES, BlockProtocol.MOST_FRAME_BYTES);
        long leftMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineAt - System.nanoTime()));
        ReadTerms terms = new ReadTerms(damaged ? FetchReason.REPAIR : urgency, stop.reach(), frameBytes, (int)
                Math.min(Integer.MAX_VALUE, leftMillis));
        ByteRange part = ByteRange.between(position, sameRouteEnd(BlockProtocol.MOST_READ_BYTES));
        return Optional.of(hedged(pool, stop, new Asked(version, part, terms)));
    }

    /** A load waits as long as it takes; and when the origin spoke, the others would hear the same. */
    private ByteStream hedged(WorkerPool pool, Stop stop, Asked asked) {
        WorkerConnections connections = source.connections();
        WorkerStream stream = new WorkerStream(connections, pool, asked);
        ReadTerms terms = asked.terms();
        boolean mayHedge = connections.hedges().areOn()
                && terms.reason().compareTo(FetchReason.LOAD) < 0
                && attempts.said().isEmpty();
        Optional<Stop> besides = mayHedge ? Objects.requireNonNull(itinerary).besides(stop) : Optional.empty();
        if (besides.isEmpty()) {
            return stream;
        }
        Stop other = besides.get();
        ReadTerms same = new ReadTerms(terms.reason(), other.reach(), LEAST_FRAME_BYTES, terms.deadlineMillis());
        Rival rival = new Rival(
                connections, connections.pool(other.worker()), new Asked(asked.version(), asked.range(), same));
        return new HedgedStream(stream, rival, connections.hedges());
    }

    private ByteStream originStream(RangeSource origin) throws IOException {
        long end = source.route().stops(version, block()).isEmpty() ? sameRouteEnd(Long.MAX_VALUE) : blockEnd(block());
        return new OriginStream(origin.open(version, ByteRange.between(position, end), urgency), end);
    }

    /** The end of the last block, from this one on, up to which all have this one's route. */
    private long sameRouteEnd(long mostBytes) {
        List<Stop> route = source.route().stops(version, block());
        int block = block();
        while (blockEnd(block) < range.end()
                && blockEnd(block + 1) - position <= mostBytes
                && source.route().stops(version, block + 1).equals(route)) {
            block++;
        }
        return Math.min(blockEnd(block), position + Math.min(mostBytes, range.end() - position));
    }

    private void awaitTurn(WorkerPool pool) throws IOException {
        try {
            while (!pool.awaitTurn(TURN_PIECE_NANOS)) {
                requireOpen();
                if (System.nanoTime() - deadlineAt >= 0) {
                    throw new OriginException.Unavailable("no connection to worker "
                            + pool.worker().id() + " became free for " + what()
                            + "; raise peer.connections-per-worker");
                }
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Waits and begins anew, or throws what the attempts come to. */
    private void beginRound() throws IOException {
        requireOpen();
        if (!attempts.isWorthAnotherRound()) {
            throw exhausted();
        }
        rest();
        attempts.beginRound();
        itinerary = null;
        originTried = false;
    }

    /** Longer each time, until there is progress. */
    private void rest() throws IOException {
        long wait = ThreadLocalRandom.current().nextLong(pause / 2, pause);
        if (System.nanoTime() + wait - deadlineAt >= 0) {
            throw exhausted();
        }
        try {
            if (closed.await(wait, TimeUnit.NANOSECONDS)) {
                throw new AsynchronousCloseException();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
        pause = Math.min(MOST_PAUSE_NANOS, 2 * pause);
    }

    private OriginException exhausted() {
        return attempts.exhausted(what(), source.lastResort().advice());
    }

    private void requireOpen() throws AsynchronousCloseException {
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    private ClosedByInterruptException interrupted() {
        Thread.currentThread().interrupt();
        close();
        return new ClosedByInterruptException();
    }

    private int block() {
        return Blocks.indexAt(position);
    }

    private long blockEnd(int block) {
        return Math.min(range.end(), Blocks.range(block, version.lengthBytes()).end());
    }

    private String what() {
        return ByteRange.between(position, range.end()) + " of " + version + " (" + asked + ")";
    }
}
