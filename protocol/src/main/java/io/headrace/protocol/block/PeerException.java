package io.headrace.protocol.block;

import java.io.IOException;

/** A worker refused, or could not answer; {@link #status} says why. Another worker may answer the same. */
public final class PeerException extends IOException {
    private final Status status;

    public PeerException(Status status, String message) {
        super(message);
        this.status = status;
    }

    /** None of those that stand for an {@link io.headrace.protocol.OriginException}. */
    public Status status() {
        return status;
    }
}
