package io.headrace.client.block;

import java.util.concurrent.atomic.LongAdder;

/** What reads of workers came to, since the process began. Thread-safe. */
public final class PeerTally {
    final LongAdder hedgesSent = new LongAdder();
    final LongAdder hedgesWon = new LongAdder();
    final LongAdder hedgesDenied = new LongAdder();

    PeerTally() {}

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
