package io.headrace.master.pins;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** When a master looks whether what is pinned has its copies. */
public record PinSettings(
        @Setting(
                value = "How long after a worker came or went, or a pin was set, copies are made. Changed names wait"
                        + " twelve times as long.",
                defaultValue = "5s")
        Duration settle,

        @Setting(value = "How often it is looked whether all copies of pinned files are there.", defaultValue = "1h")
        Duration recheck) {

    static final int NAMES_FACTOR = 12;

    public PinSettings {
        if (settle.isNegative() || recheck.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "pins.settle is not negative, and pins.recheck is positive: " + settle + ", " + recheck);
        }
    }

    public static PinSettings defaults() {
        return new PinSettings(Duration.ofSeconds(5), Duration.ofHours(1));
    }
}
