package io.headrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request at an origin, owner of one of its slots until {@link #end}. The reading thread opens and reads it; any
 * thread may end it, which also ends a call that waits: by an interrupt while the request is being opened, by closing
 * the body afterwards.
 */
final class OriginAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(OriginAttempt.class);
    private static final long NOT_WAITING = Long.MIN_VALUE;

    private final Origin origin;
    private final FetchTools tools;
    private final long begunAt;
    private volatile long waitingSince = NOT_WAITING;
    private volatile boolean stalled;
    private volatile @Nullable ReadableByteChannel body;
    private long bytes;

    @GuardedBy("this")
    private @Nullable Thread opening;

    @GuardedBy("this")
    private boolean interrupted;

    @GuardedBy("this")
    private boolean ended;

    /** Takes over a slot that the caller acquired. */
    OriginAttempt(Origin origin, FetchTools tools) {
        this.origin = origin;
        this.tools = tools;
        this.begunAt = tools.clock().nanos();
        tools.watch().add(this);
    }

    /** Reads what has come, at least a byte but for the end; opens the body when it is not. */
    int read(ByteBuffer into, RangeRequest request, long position) throws IOException {
        ReadableByteChannel from = body;
        if (from == null) {
            from = open(request, request.from(position));
        }
        waitingSince = tools.clock().nanos();
        try {
            int count = from.read(into);
            bytes += Math.max(0, count);
            return count;
        } finally {
            waitingSince = NOT_WAITING;
        }
    }

    /** What this attempt alone brought. */
    long bytes() {
        return bytes;
    }

    long begunAt() {
        return begunAt;
    }

    boolean isStalled() {
        return stalled;
    }

    void endIfStalled() {
        long since = waitingSince;
        long limit = origin.settings().stallTimeout().toNanos();
        if (since != NOT_WAITING && tools.clock().nanos() - since >= limit) {
            stalled = true;
            end();
        }
    }

    void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (opening != null) {
                interrupted = true;
                opening.interrupt();
            }
        }
        tools.watch().remove(this);
        origin.slots().release();
        close(body);
    }

    private ReadableByteChannel open(RangeRequest request, ByteRange range) throws IOException {
        beginOpening();
        ReadableByteChannel opened = null;
        try {
            opened = origin.store().open(request.version(), range);
        } finally {
            endOpening(opened);
        }
        return opened;
    }

    private synchronized void beginOpening() throws AsynchronousCloseException {
        if (ended) {
            throw new AsynchronousCloseException();
        }
        opening = Thread.currentThread();
        waitingSince = tools.clock().nanos();
    }

    private void endOpening(@Nullable ReadableByteChannel opened) {
        synchronized (this) {
            waitingSince = NOT_WAITING;
            opening = null;
            if (interrupted) {
                // It was ours; when another came with it, the read ends by that of the two that ended the attempt.
                Thread.interrupted();
            }
            if (!ended) {
                body = opened;
                return;
            }
        }
        close(opened);
    }

    private static void close(@Nullable ReadableByteChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a request failed; nothing more is read from it", e);
        }
    }
}
