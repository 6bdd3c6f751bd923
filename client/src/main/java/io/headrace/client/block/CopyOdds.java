package io.headrace.client.block;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Whether a worker is worth asking for what it keeps of a data set, where another has to be asked if it keeps nothing. As
 * often as it had what it was asked for lately, and once in {@value #ONE_IN} times in any case. Thread-safe.
 */
final class CopyOdds {
    static final int ONE_IN = 32;

    @GuardedBy("this")
    private double share = 1;

    @GuardedBy("this")
    private double due;

    synchronized boolean isWorthAsking() {
        due += Math.max(share, 1.0 / ONE_IN);
        if (due < 1) {
            return false;
        }
        due -= 1;
        return true;
    }

    synchronized void had() {
        share += (1 - share) / 2;
    }

    synchronized void lacked() {
        share /= 2;
    }
}
