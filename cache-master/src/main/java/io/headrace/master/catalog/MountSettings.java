package io.headrace.master.catalog;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** How fresh the names of one mount are kept. */
public record MountSettings(
        @Setting(
                value =
                        "The staleness bound: a change at the origin shows after at most so long. 0s asks the origin each"
                                + " time.",
                defaultValue = "60s")
        Duration staleness,

        @Setting(
                value = "Ask the origin for a file's version each time it is looked up, as an open does.",
                defaultValue = "false")
        boolean revalidateOnOpen,

        @Setting(
                value = "Time between two full listings in the background, at least; a listing that takes long is"
                        + " repeated after ten times its length.",
                defaultValue = "10m")
        Duration relistInterval) {
    public MountSettings {
        if (staleness.isNegative() || relistInterval.isNegative()) {
            throw new IllegalArgumentException("mount.staleness and mount.relist-interval cannot be negative");
        }
    }

    public static MountSettings defaults() {
        return new MountSettings(Duration.ofSeconds(60), false, Duration.ofMinutes(10));
    }
}
