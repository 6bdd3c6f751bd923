package io.headrace.worker.serve;

import io.headrace.protocol.block.BlockRequest;
import org.jspecify.annotations.Nullable;

/**
 * The place of one frame in the order in which a connection's frames are sent. Event loop only, but for
 * {@link #isAbandoned}.
 */
final class Slot {
    private final BlockRequest request;
    private final long order;
    private final long deadlineNanos;
    private @Nullable Frame frame;
    private volatile boolean abandoned;

    /**
     * @param order of the request among those of its connection
     * @param deadlineNanos of {@link System#nanoTime}
     */
    Slot(BlockRequest request, long order, long deadlineNanos) {
        this.request = request;
        this.order = order;
        this.deadlineNanos = deadlineNanos;
    }

    BlockRequest request() {
        return request;
    }

    long order() {
        return order;
    }

    boolean isLate(long now) {
        return frame == null && now - deadlineNanos >= 0;
    }

    /** Null while it is worked on. */
    @Nullable
    Frame frame() {
        return frame;
    }

    /** The first frame stays; what comes for an abandoned slot is let go. */
    void fill(Frame arrived) {
        if (frame == null && !abandoned) {
            frame = arrived;
        } else {
            arrived.release();
        }
    }

    /** Nobody wants the frame any more. */
    void abandon() {
        abandoned = true;
        if (frame != null) {
            frame.release();
        }
    }

    /** Any thread. */
    boolean isAbandoned() {
        return abandoned;
    }
}
