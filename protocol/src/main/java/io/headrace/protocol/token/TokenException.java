package io.headrace.protocol.token;

import java.io.IOException;

/** A token permits nothing; the message says why and what to do, and holds nothing of the token but its id and tenant. */
public final class TokenException extends IOException {
    private final Reason reason;
    private final String why;

    /** Why. */
    public enum Reason {
        MISSING,
        MALFORMED,
        WRONG_SIGNATURE,
        EXPIRED,
        NOT_YET_VALID,
        CALLED_BACK
    }

    public TokenException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.why = message;
    }

    /** The message. */
    public String why() {
        return why;
    }

    public Reason reason() {
        return reason;
    }
}
