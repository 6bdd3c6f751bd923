package io.headrace.client.block;

import java.io.IOException;

/** A worker could not be connected to, went away, or said nothing for too long. Another may answer. */
final class UnreachableWorkerException extends IOException {
    private final boolean silent;

    UnreachableWorkerException(String message, Throwable cause) {
        super(message, cause);
        this.silent = false;
    }

    private UnreachableWorkerException(String message, boolean silent) {
        super(message);
        this.silent = silent;
    }

    /** The worker cannot be asked, or does not keep to what was asked. */
    static UnreachableWorkerException because(String message) {
        return new UnreachableWorkerException(message, false);
    }

    /** The worker may be alive, but says nothing. */
    static UnreachableWorkerException silent(String message) {
        return new UnreachableWorkerException(message, true);
    }

    /** To ask the same worker again would take as long again. */
    boolean isSilent() {
        return silent;
    }
}
