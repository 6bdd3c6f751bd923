package io.headrace.worker;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.UrgentChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One range, read by as many requests as it takes. Each request starts at the byte that the last one reached, and asks
 * for the same version; bytes go from the store's channel straight into the caller's buffer.
 *
 * <p>Time. A range must make progress: each {@value #PROGRESS_BYTES} bytes get the origin's whole deadline, failures,
 * pauses and retries included. What the range waits for its turn (a slot, the byte rate) is not the origin's fault and
 * does not count; that wait is bounded for itself. An attempt that brings no byte for the stall timeout is ended by
 * {@link StallWatch} and tried again.
 *
 * <p>Pauses. Exponential backoff with full jitter (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog,
 * 2015): uniform in {@code [0, min(5 s, 100 ms * 2^(n-1)))} before the n-th retry in a row, at least what the origin
 * asked for; no slot is held meanwhile. An attempt that brought {@value #USEFUL_BYTES} bytes begins the row anew and
 * costs no retry budget. {@link OriginHealth} may make a request wait longer; read-ahead that has asked for nothing yet
 * fails instead, but once begun it is retried as all others are, because readers may wait for it by then.
 *
 * <p>Threads. All but {@link #close}, {@link #urge} and {@link #isOpen} belong to the reading thread.
 */
final class OriginChannel implements UrgentChannel {
    static final long PROGRESS_BYTES = 1 << 20;
    static final long USEFUL_BYTES = 64 << 10;

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A reader waits no longer for its turn than for the origin; bulk transfers queue behind readers for longer. */
    private static final int BULK_QUEUE_DEADLINES = 10;

    private final Origin origin;
    private final RangeRequest request;
    private final FetchTools tools;
    private final Patience patience;
    private final OriginMeters.ReasonMeters meters;
    private final SplittableRandom random;

    private long position;
    private long unmetered;
    private long deadlineAt;
    private long progressAt;
    private int attempts;
    private int failuresInARow;

    private volatile @Nullable OriginAttempt current;
    private volatile boolean open = true;
    private volatile FetchReason urgency;

    OriginChannel(Origin origin, RangeRequest request, FetchTools tools) {
        this.origin = origin;
        this.request = request;
        this.urgency = request.reason();
        this.tools = tools;
        this.patience = new Patience(tools.clock());
        this.meters = origin.meters().of(request.reason());
        this.random = new SplittableRandom(tools.seeds().getAsLong());
        this.position = request.range().offset();
        this.progressAt = position + PROGRESS_BYTES;
        this.deadlineAt = tools.clock().nanos() + deadlineNanos();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!open || tools.watch().isClosed()) {
            throw new ClosedChannelException();
        }
        if (position == request.range().end()) {
            return -1;
        }
        try {
            int count = 0;
            while (count == 0 && into.hasRemaining()) {
                count = readSome(into);
            }
            return count;
        } catch (Patience.AbandonedException abandoned) {
            endAttempt();
            throw closedException();
        } catch (IOException failure) {
            endAttempt();
            throw failure;
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void urge(FetchReason reason) {
        synchronized (patience) {
            if (reason.compareTo(urgency) >= 0) {
                return;
            }
            urgency = reason;
        }
        origin.slots().urge(patience, reason);
    }

    @Override
    public void close() {
        open = false;
        patience.giveUp();
        OriginAttempt attempt = current;
        if (attempt != null) {
            attempt.end();
        }
    }

    /** Reads into the buffer; 0 when the attempt failed and another may succeed. */
    private int readSome(ByteBuffer into) throws IOException {
        OriginAttempt attempt = current;
        if (attempt == null) {
            attempt = begin();
        }
        awaitRate();
        int limit = into.limit();
        into.limit(into.position() + mostBytes(into));
        try {
            int count = attempt.read(into, request, position);
            if (count <= 0) {
                throw new OriginException.Unavailable("the answer is cut short");
            }
            advance(attempt, count);
            return count;
        } catch (IOException failure) {
            recover(attempt, failure);
            return 0;
        } finally {
            into.limit(limit);
        }
    }

    private int mostBytes(ByteBuffer into) {
        long most = Math.min(into.remaining(), request.range().end() - position);
        return (int) (origin.rate().isUnlimited() ? most : Math.min(most, ByteRate.MOST_BYTES_A_READ));
    }

    private OriginAttempt begin() throws IOException {
        awaitHealth();
        awaitSlot();
        OriginAttempt attempt = new OriginAttempt(origin, tools);
        current = attempt;
        attempts++;
        meters.requests().increment();
        if (!open) {
            throw closedException();
        }
        return attempt;
    }

    private void advance(OriginAttempt attempt, int count) {
        if (attempt.bytes() == count) {
            meters.latency().record(tools.clock().nanos() - attempt.begunAt(), TimeUnit.NANOSECONDS);
            origin.health().answered();
        }
        unmetered += count;
        position += count;
        origin.rate().charge(count);
        if (position >= progressAt) {
            progressAt = position + PROGRESS_BYTES;
            deadlineAt = tools.clock().nanos() + deadlineNanos();
            flushMeters();
        }
        if (position == request.range().end()) {
            endAttempt();
        }
    }

    private void recover(OriginAttempt attempt, IOException failure) throws IOException {
        endAttempt();
        if (!open
                || tools.watch().isClosed()
                || Thread.currentThread().isInterrupted()
                || failure instanceof ClosedByInterruptException) {
            throw closedException();
        }
        OriginException.Unavailable cause = explain(attempt, failure);
        boolean useful = attempt.bytes() >= USEFUL_BYTES;
        failuresInARow = useful ? 0 : failuresInARow + 1;
        if (attempt.bytes() == 0) {
            origin.health().failed(cause);
        }
        pauseBeforeRetry(cause);
        meters.retries().increment();
    }

    /** The failure when it may pass; throws one that will not. */
    private OriginException.Unavailable explain(OriginAttempt attempt, IOException failure) throws OriginException {
        if (attempt.isStalled()) {
            return new OriginException.Unavailable(
                    "no byte came for " + RangeMessages.text(origin.settings().stallTimeout()), failure);
        }
        return switch (failure) {
            case OriginException.Unavailable unavailable -> unavailable;
            case OriginException.Refused refused -> {
                origin.health().refused(refused);
                throw messages().permanent(refused);
            }
            case OriginException permanent -> {
                origin.health().answered();
                throw messages().permanent(permanent);
            }
            default -> new OriginException.Unavailable(failure.toString(), failure);
        };
    }

    private void pauseBeforeRetry(OriginException.Unavailable cause) throws IOException {
        int doublings = Math.clamp(failuresInARow - 1, 0, 10);
        long ceiling = Math.min(MOST_PAUSE_NANOS, FIRST_PAUSE_NANOS << doublings);
        long asked = cause.retryAfter().orElse(Duration.ZERO).toNanos();
        long pause = Math.max(asked, random.nextLong(ceiling));
        if (tools.clock().nanos() + pause - deadlineAt >= 0) {
            throw messages().exhausted(cause);
        }
        patience.pause(pause, deadlineAt);
    }

    private void awaitHealth() throws IOException {
        OriginHealth health = origin.health();
        if (urgency == FetchReason.READ_AHEAD && attempts == 0 && health.isFailing()) {
            throw messages().exhausted(new OriginException.Unavailable("the origin is failing; nothing is read ahead"));
        }
        boolean isRetry = failuresInARow > 0;
        if (!patience.await(() -> health.delayBeforeRequest(isRetry), deadlineAt)) {
            throw messages().exhausted(new OriginException.Unavailable("the origin fails for all its readers"));
        }
    }

    private void awaitSlot() throws IOException {
        long from = tools.clock().nanos();
        if (!origin.slots().acquire(() -> urgency, patience, from + mostQueueNanos())) {
            throw messages().queueTooLong("a request slot", "origin.max-concurrent-requests");
        }
        deadlineAt += tools.clock().nanos() - from;
    }

    private void awaitRate() throws IOException {
        if (origin.rate().isUnlimited()) {
            return;
        }
        long from = tools.clock().nanos();
        if (!origin.rate().admit(urgency, patience, from + mostQueueNanos())) {
            throw messages().queueTooLong("its share of the byte rate", "origin.max-bytes-per-second");
        }
        deadlineAt += tools.clock().nanos() - from;
    }

    private long deadlineNanos() {
        return origin.settings().deadline().toNanos();
    }

    private long mostQueueNanos() {
        return urgency == FetchReason.DEMAND ? deadlineNanos() : BULK_QUEUE_DEADLINES * deadlineNanos();
    }

    private void endAttempt() {
        flushMeters();
        OriginAttempt attempt = current;
        current = null;
        if (attempt != null) {
            attempt.end();
        }
    }

    private void flushMeters() {
        meters.bytes().increment((double) unmetered);
        unmetered = 0;
    }

    private ClosedChannelException closedException() {
        boolean byInterrupt = open && !tools.watch().isClosed();
        open = false;
        return byInterrupt ? new ClosedByInterruptException() : new AsynchronousCloseException();
    }

    private RangeMessages messages() {
        return new RangeMessages(
                origin, request, attempts, position - request.range().offset());
    }
}
