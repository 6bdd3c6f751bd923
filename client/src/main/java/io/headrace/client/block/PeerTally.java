package io.headrace.client.block;

import java.util.concurrent.atomic.LongAdder;

/** What reads of workers came to, since the process began. Thread-safe. */
public final class PeerTally {
    final LongAdder requests = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder originBytes = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder retriesDelayed = new LongAdder();
    final LongAdder hedgesSent = new LongAdder();
    final LongAdder hedgesWon = new LongAdder();
    final LongAdder hedgesDenied = new LongAdder();

    PeerTally() {}

    /** What workers were asked, second requests apart. */
    public long requests() {
        return requests.sum();
    }

    /** What workers gave. */
    public long bytes() {
        return bytes.sum();
    }

    /** What came past the workers, from the origin. */
    public long originBytes() {
        return originBytes.sum();
    }

    /** Of the requests, those made because another failed. */
    public long retries() {
        return retries.sum();
    }

    /** Of the retries, those that were made later because there were too many. */
    public long retriesDelayed() {
        return retriesDelayed.sum();
    }

    /** Reads that were put to a second worker. */
    public long hedgesSent() {
        return hedgesSent.sum();
    }

    /** Of these, those that the second worker answered first. */
    public long hedgesWon() {
        return hedgesWon.sum();
    }

    /** Reads that were not, because too many were lately. */
    public long hedgesDenied() {
        return hedgesDenied.sum();
    }
}
