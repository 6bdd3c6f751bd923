package io.headrace.fuse.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.protocol.ByteRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges of one file that are being written to the kernel out of the cache's mappings. Thread-safe.
 *
 * <p>The kernel ends a request whose bytes turn out to be unreadable with EIO by itself, and its page cache asks once more,
 * at once. That second READ must not meet the same bytes: it waits here until who met them has had them dropped.
 */
final class RepliesUnderWay {
    /** Dropping reads a few blocks; so long takes only a disk that hangs. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    @GuardedBy("this")
    private final List<ByteRange> ranges = new ArrayList<>();

    synchronized void begin(ByteRange range) {
        ranges.add(range);
    }

    synchronized void end(ByteRange range) {
        ranges.remove(range);
        notifyAll();
    }

    synchronized void awaitOverlapping(ByteRange range) {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (overlaps(range)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @GuardedBy("this")
    private boolean overlaps(ByteRange range) {
        for (int i = 0; i < ranges.size(); i++) {
            if (!ranges.get(i).clippedTo(range).isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
