package io.headrace.client.names;

import java.io.IOException;

/** The master did not do what it was asked. The subtype says whether trying again can help. */
public abstract sealed class MasterException extends IOException {
    private MasterException(String message, Throwable cause) {
        super(message, cause);
    }

    /** It is away, overloaded or out of reach: the same request may succeed later. */
    public static final class Unavailable extends MasterException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** It answered what this client cannot use: another version of Headrace, or a mistake in one of both. */
    public static final class Failed extends MasterException {
        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
