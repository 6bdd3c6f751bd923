package io.headrace.protocol.block;

import java.io.IOException;

/** The bytes are no frame of the protocol: damaged, cut short, too long, or of something else. */
public final class MalformedFrameException extends IOException {
    public MalformedFrameException(String message) {
        super(message);
    }

    public MalformedFrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
