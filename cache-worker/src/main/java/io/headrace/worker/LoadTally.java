package io.headrace.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.worker.LoadProgress.FailedFile;
import io.headrace.worker.LoadProgress.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Counts of one load. Thread-safe. */
final class LoadTally {
    private static final int WINDOW_SECONDS = 10;

    private final FetchClock clock;
    private final long begunAt;

    /** Bytes fetched in each of the last seconds, by second modulo the window. */
    @GuardedBy("this")
    private final long[] window = new long[WINDOW_SECONDS + 1];

    @GuardedBy("this")
    private final Map<String, String> failures = new LinkedHashMap<>();

    @GuardedBy("this")
    private long windowSecond;

    @GuardedBy("this")
    private long filesTotal;

    @GuardedBy("this")
    private long bytesTotal;

    @GuardedBy("this")
    private long filesDone;

    @GuardedBy("this")
    private long filesFailed;

    @GuardedBy("this")
    private long bytesFetched;

    @GuardedBy("this")
    private long bytesPresent;

    @GuardedBy("this")
    private boolean counting = true;

    @GuardedBy("this")
    private State state = State.LOADING;

    LoadTally(FetchClock clock) {
        this.clock = clock;
        this.begunAt = clock.nanos();
    }

    synchronized void counted(long lengthBytes) {
        filesTotal++;
        bytesTotal += lengthBytes;
    }

    synchronized void countingEnded() {
        counting = false;
    }

    synchronized void advanced(long fetched, long present) {
        bytesFetched += fetched;
        bytesPresent += present;
        window[(int) (moveWindow() % window.length)] += fetched;
    }

    synchronized void fileDone() {
        filesDone++;
    }

    /** Counts a file as failed, once; the first reason stays. */
    synchronized void failed(String path, String reason) {
        if (failures.containsKey(path)) {
            return;
        }
        filesFailed++;
        if (failures.size() < LoadProgress.MOST_FAILURES_LISTED) {
            failures.put(path, reason);
        }
    }

    synchronized boolean hasFailures() {
        return filesFailed > 0;
    }

    synchronized void ended(State how) {
        counting = false;
        state = how;
    }

    synchronized LoadProgress progress() {
        double rate = bytesPerSecond();
        return new LoadProgress(
                state,
                counting,
                filesTotal,
                filesDone,
                filesFailed,
                bytesTotal,
                bytesFetched,
                bytesPresent,
                rate,
                remaining(rate),
                failures.entrySet().stream()
                        .map(failure -> new FailedFile(failure.getKey(), failure.getValue()))
                        .toList());
    }

    @GuardedBy("this")
    private Optional<Duration> remaining(double rate) {
        if (state != State.LOADING) {
            return Optional.of(Duration.ZERO);
        }
        if (counting || rate < 1) {
            return Optional.empty();
        }
        long left = Math.max(0, bytesTotal - bytesFetched - bytesPresent);
        return Optional.of(Duration.ofMillis((long) (left / rate * 1000)));
    }

    @GuardedBy("this")
    private double bytesPerSecond() {
        long second = moveWindow();
        long bytes = 0;
        for (long each : window) {
            bytes += each;
        }
        double seconds = (clock.nanos() - begunAt) / 1e9;
        double inWindow = WINDOW_SECONDS + (seconds - second);
        return bytes / Math.max(0.001, Math.min(seconds, inWindow));
    }

    /** Forgets the seconds that have left the window; the present second. */
    @GuardedBy("this")
    private long moveWindow() {
        long second = TimeUnit.NANOSECONDS.toSeconds(clock.nanos() - begunAt);
        for (long each = Math.max(windowSecond + 1, second - window.length + 1); each <= second; each++) {
            window[(int) (each % window.length)] = 0;
        }
        windowSecond = second;
        return second;
    }
}
