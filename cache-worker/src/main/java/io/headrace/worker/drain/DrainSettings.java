package io.headrace.worker.drain;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;
import java.time.Duration;

/** How a worker that goes hands over what it keeps. */
public record DrainSettings(
        @Setting(
                value = "Hand over the blocks on SIGTERM. Turn it off where the worker comes back soon with its disk,"
                        + " as in a rolling restart: its blocks wait for it.",
                defaultValue = "true")
        boolean onStop,

        @Setting(
                value = "How long a worker hands over on SIGTERM before it goes with what is left.",
                defaultValue = "60s")
        Duration stopDeadline,

        @Setting(
                value = "How long a worker hands over that `headrace worker drain` asked for it.",
                defaultValue = "30m")
        Duration askedDeadline,

        @Setting(value = "How many blocks are handed over at a time.", defaultValue = "4")
        int parallelBlocks,

        @Setting(
                value = "Most bytes a second that are handed over, so that readers keep the network; 0 for no limit.",
                defaultValue = "512MiB")
        ByteSize maxBytesPerSecond) {
    private static final int MOST_PARALLEL = 64;

    public DrainSettings {
        if (parallelBlocks < 1 || parallelBlocks > MOST_PARALLEL) {
            throw new IllegalArgumentException(
                    "drain.parallel-blocks is 1 to " + MOST_PARALLEL + ", and not " + parallelBlocks);
        }
    }

    public static DrainSettings defaults() {
        return new DrainSettings(true, Duration.ofSeconds(60), Duration.ofMinutes(30), 4, ByteSize.ofMebibytes(512));
    }
}
