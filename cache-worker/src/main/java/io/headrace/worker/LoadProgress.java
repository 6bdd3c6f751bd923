package io.headrace.worker;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A moment's view of a load.
 *
 * @param counting the totals still grow
 * @param bytesFetched got from the origin by this load
 * @param bytesPresent found already cached
 * @param bytesPerSecond fetched, over the last ten seconds
 * @param remaining empty while that cannot be told
 * @param filesFailed how many failed; {@code failures} lists the first {@value #MOST_FAILURES_LISTED}
 */
public record LoadProgress(
        State state,
        boolean counting,
        long filesTotal,
        long filesDone,
        long filesFailed,
        long bytesTotal,
        long bytesFetched,
        long bytesPresent,
        double bytesPerSecond,
        Optional<Duration> remaining,
        List<FailedFile> failures) {
    public static final int MOST_FAILURES_LISTED = 1000;

    public LoadProgress {
        failures = List.copyOf(failures);
    }

    public long bytesDone() {
        return bytesFetched + bytesPresent;
    }

    /** How a load stands. */
    public enum State {
        LOADING,
        /** Every byte of every file was seen to be cached after the last one was loaded. */
        COMPLETE,
        /** It has ended, and some files are not cached whole; the failures say which and why. */
        INCOMPLETE,
        /** It was stopped; what was fetched stays, and another load goes on from there. */
        CANCELLED
    }

    /** @param reason what failed and what to do */
    public record FailedFile(String path, String reason) {}
}
