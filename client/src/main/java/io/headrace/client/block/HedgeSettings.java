package io.headrace.client.block;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** When a read that waits is put to a second worker, too. */
public record HedgeSettings(
        @Setting(
                value = "Whether a read that waits longer than usual for a worker's first bytes is put to another that"
                        + " may keep them, too.",
                defaultValue = "true")
        boolean enabled,

        @Setting(
                value = "Most of such second requests, in a hundred reads; a few more may come at once.",
                defaultValue = "5")
        int percent,

        @Setting(
                value =
                        "How long a read waits in any case before a second worker is asked. Beyond that it is what 95 of"
                                + " 100 reads took lately.",
                defaultValue = "20ms")
        Duration leastDelay) {
    public HedgeSettings {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("hedge.percent is 0 to 100, and not " + percent);
        }
    }

    public static HedgeSettings defaults() {
        return new HedgeSettings(true, 5, Duration.ofMillis(20));
    }

    static HedgeSettings off() {
        return new HedgeSettings(false, 0, Duration.ofMillis(20));
    }
}
