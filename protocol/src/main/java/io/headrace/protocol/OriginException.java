package io.headrace.protocol;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An origin did not do what it was asked. The message says what failed, on which object and range, and what to do; it
 * holds no credentials. The subtype says whether trying again can help.
 */
public abstract sealed class OriginException extends IOException {
    private OriginException(String message, Throwable cause) {
        super(message, cause);
    }

    private OriginException(String message) {
        super(message);
    }

    /** The origin is slow, overloaded, unreachable or cut the answer short: the same request may succeed later. */
    public static final class Unavailable extends OriginException {
        private final Optional<Duration> retryAfter;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
            this.retryAfter = Optional.empty();
        }

        public Unavailable(String message) {
            this(message, Optional.empty());
        }

        /** @param retryAfter how long the origin asked to be left alone */
        public Unavailable(String message, Optional<Duration> retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        public Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /** The object has no content any more, or never had: the only failure that may be shown as "not found". */
    public static final class NotFound extends OriginException {
        public NotFound(String message) {
            super(message);
        }
    }

    /** The object was replaced or truncated: its bytes of the asked version are gone. Readers see ESTALE. */
    public static final class VersionChanged extends OriginException {
        public VersionChanged(String message) {
            super(message);
        }
    }

    /** The origin refuses and will go on refusing until somebody changes something. Readers see EACCES or EIO. */
    public static final class Refused extends OriginException {
        private final Refusal refusal;

        public Refused(Refusal refusal, String message) {
            super(message);
            this.refusal = refusal;
        }

        public Refused(Refusal refusal, String message, Throwable cause) {
            super(message, cause);
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    /** Why an origin refuses. */
    public enum Refusal {
        /** No such bucket, file system, host or folder. */
        NO_SUCH_LOCATION,
        /** The credentials are good but may not do this. */
        FORBIDDEN,
        /** The credentials are unknown, wrong or expired, or there are none. */
        BAD_CREDENTIALS,
        /** This machine's clock is too far from the origin's. */
        CLOCK_SKEW,
        /** The connection's certificate cannot be trusted. */
        TLS,
        /** The request itself is wrong for this origin: region, endpoint, protocol. */
        BAD_REQUEST
    }
}
