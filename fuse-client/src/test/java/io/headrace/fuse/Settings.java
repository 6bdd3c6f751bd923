package io.headrace.fuse;

import java.time.Duration;

/** Settings of tests. */
final class Settings {
    private Settings() {}

    static FuseSettings served() {
        return with(false, false, false);
    }

    static FuseSettings servedAtMost(int openFiles) {
        return with(false, false, false, openFiles);
    }

    static FuseSettings passthrough() {
        return with(true, false, false);
    }

    static FuseSettings byFusermount() {
        return with(true, true, false);
    }

    /** Every read of a served file reaches the daemon. */
    static FuseSettings direct() {
        return with(true, false, true);
    }

    private static FuseSettings with(boolean passthrough, boolean fusermount, boolean directReads) {
        return with(
                passthrough, fusermount, directReads, FuseSettings.defaults().maxOpenFiles());
    }

    private static FuseSettings with(boolean passthrough, boolean fusermount, boolean directReads, int maxOpenFiles) {
        FuseSettings defaults = FuseSettings.defaults();
        return new FuseSettings(
                defaults.threads(),
                Duration.ofSeconds(60),
                defaults.readAhead(),
                passthrough,
                directReads,
                defaults.smallFile(),
                maxOpenFiles,
                false,
                false,
                fusermount,
                -1,
                -1,
                "0444",
                "0555");
    }
}
