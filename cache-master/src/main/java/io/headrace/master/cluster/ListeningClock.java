package io.headrace.master.cluster;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Time during which this process listened. It goes on by at most one step between two readings: a master that was stopped
 * for a minute, or starved, has not been without its workers for that minute. The clock on the wall plays no part.
 */
final class ListeningClock {
    private final Ticker ticker;
    private final long longestStep;
    private long seen;
    private long listened;

    ListeningClock(Ticker ticker, Duration longestStep) {
        this.ticker = ticker;
        this.longestStep = longestStep.toNanos();
        seen = ticker.read();
    }

    long nanos() {
        long now = ticker.read();
        listened += Math.clamp(now - seen, 0, longestStep);
        seen = now;
        return listened;
    }
}
