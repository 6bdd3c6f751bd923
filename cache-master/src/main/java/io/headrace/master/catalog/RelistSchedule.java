package io.headrace.master.catalog;

import java.time.Duration;

/** When the next full listing of a mount starts. */
record RelistSchedule(Duration interval) {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 20;
    private static final int TIMES_ITS_LENGTH = 10;

    /** After one that took so long: listing takes at most a tenth of the time. */
    Duration afterSuccess(Duration took) {
        return max(interval, took.multipliedBy(TIMES_ITS_LENGTH));
    }

    /** After so many failures in a row: 1 s, 2 s, 4 s … up to the interval, but at least 1 s. */
    Duration afterFailure(int failures) {
        Duration doubled = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        return doubled.compareTo(interval) < 0 ? doubled : max(interval, FIRST_RETRY);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
