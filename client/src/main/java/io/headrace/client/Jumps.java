package io.headrace.client;

import io.headrace.protocol.ByteRange;

/**
 * How many of a file's last reads went on from none before, as a moving average. Three jumps in a row prevail, and at most
 * three reads in a row that go on end that. Not thread-safe.
 */
final class Jumps {
    private static final int AVERAGED_READS = 4;
    private static final double PREVAILING_SHARE = 0.5;

    private double share;

    /** A read that begins something new. At the start of a file all begin, so that tells nothing. */
    void jumped(ByteRange read) {
        if (read.offset() > 0) {
            share += (1 - share) / AVERAGED_READS;
        }
    }

    void wentOn() {
        share -= share / AVERAGED_READS;
    }

    boolean prevail() {
        return share >= PREVAILING_SHARE;
    }
}
