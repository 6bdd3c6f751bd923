package io.headrace.client.sdk;

import java.util.List;
import java.util.Optional;

/**
 * How far a load is.
 *
 * @param counting whether totals still grow
 * @param bytesTotal each copy counts
 * @param bytesPresent were there already
 * @param trouble what it waits for at present
 * @param failures the first hundred
 */
public record LoadStatus(
        State state,
        boolean counting,
        long filesTotal,
        long filesDone,
        long filesFailed,
        long bytesTotal,
        long bytesFetched,
        long bytesPresent,
        Optional<String> trouble,
        List<Failure> failures) {
    public LoadStatus {
        failures = List.copyOf(failures);
    }

    /** Where a load stands. */
    public enum State {
        RUNNING,
        /** Every byte is there, and was checked. */
        COMPLETE,
        /** Something failed: see the failures. */
        INCOMPLETE,
        CANCELLED
    }

    /** @param path empty when it is the load's and no file's */
    public record Failure(String path, String reason) {}

    public boolean isOver() {
        return state != State.RUNNING;
    }
}
