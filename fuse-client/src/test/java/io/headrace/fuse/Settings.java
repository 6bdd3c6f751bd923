package io.headrace.fuse;

import java.time.Duration;

/** Settings of tests. */
final class Settings {
    private Settings() {}

    static FuseSettings served() {
        return with(false, false);
    }

    static FuseSettings passthrough() {
        return with(true, false);
    }

    static FuseSettings byFusermount() {
        return with(true, true);
    }

    private static FuseSettings with(boolean passthrough, boolean fusermount) {
        FuseSettings defaults = FuseSettings.defaults();
        return new FuseSettings(
                defaults.threads(),
                Duration.ofSeconds(60),
                defaults.readAhead(),
                passthrough,
                false,
                defaults.smallFile(),
                defaults.maxOpenFiles(),
                false,
                false,
                fusermount,
                -1,
                -1,
                "0444",
                "0555");
    }
}
