package io.headrace.worker.demand;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;

/** When a block of which one worker gives much is read from others too. */
public record HotBlockSettings(
        @Setting(
                value = "A block of which this worker gives readers more than that in a second, over some ten, is hot:"
                        + " readers then ask twice as many workers for it.",
                defaultValue = "64MiB")
        ByteSize rate,

        @Setting(
                value = "Most workers that readers ask for a hot block, a power of two; 1 for none more than usual.",
                defaultValue = "8")
        int mostOwners) {

    private static final int MOST = 16;

    public HotBlockSettings {
        if (rate.bytes() < 1 || mostOwners < 1 || mostOwners > MOST || Integer.bitCount(mostOwners) != 1) {
            throw new IllegalArgumentException(
                    "hot.rate is positive, and hot.most-owners is 1, 2, 4, 8 or 16: " + rate + ", " + mostOwners);
        }
    }

    public static HotBlockSettings defaults() {
        return new HotBlockSettings(ByteSize.ofMebibytes(64), 8);
    }

    /** The number of owners is two to the power of this at most. */
    int mostSpread() {
        return Integer.numberOfTrailingZeros(mostOwners);
    }
}
