package io.headrace.protocol.credential;

import java.io.IOException;
import java.nio.file.Path;

/** A file of certificates, keys or tokens cannot be used; the message names it and says what to do. */
public final class CredentialException extends IOException {
    private final Reason reason;

    /** What is wrong. */
    public enum Reason {
        MISSING,
        UNREADABLE,
        /** Users who are neither its owner nor of its group may read a secret. */
        OPEN_TO_OTHERS,
        /** It holds something else than it should. */
        WRONG_CONTENT,
        /** A certificate and a key do not belong together. */
        WRONG_KEY,
        /** A certificate is not valid any more, or not yet. */
        EXPIRED
    }

    public CredentialException(Reason reason, Path file, String message) {
        super(file + " " + message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
