package io.headrace.master.serve;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;
import java.time.Duration;

/** How much a master does for its clients at a time. */
public record ServeSettings(
        @Setting(value = "Most clients that follow changes; one more is told to come back.", defaultValue = "16384")
        int watchers,

        @Setting(
                value = "The newest changes that are kept for clients that are slow or were away; who missed more asks"
                        + " again for what it knew.",
                defaultValue = "65536")
        int historyChanges,

        @Setting(value = "Memory for those changes.", defaultValue = "16MiB")
        ByteSize historySize,

        @Setting(
                value = "A client that heard nothing for three times as long takes the master for gone.",
                defaultValue = "1s")
        Duration heartbeat,

        @Setting(
                value = "Most calls that are answered at a time; one more is told to come back.",
                defaultValue = "1024")
        int calls,

        @Setting(value = "Most large directories that clients have open at a time.", defaultValue = "4096")
        int openDirectories,

        @Setting(
                value = "A directory that nobody read on in for so long is closed; its reader opens it again.",
                defaultValue = "60s")
        Duration openDirectoryIdle) {
    public ServeSettings {
        require(watchers > 0, "serve.watchers");
        require(historyChanges > 0, "serve.history-changes");
        require(calls > 0, "serve.calls");
        require(openDirectories > 0, "serve.open-directories");
        require(heartbeat.isPositive(), "serve.heartbeat");
        require(openDirectoryIdle.isPositive(), "serve.open-directory-idle");
    }

    public static ServeSettings defaults() {
        return new ServeSettings(
                16_384, 65_536, ByteSize.parse("16MiB"), Duration.ofSeconds(1), 1024, 4096, Duration.ofSeconds(60));
    }

    private static void require(boolean positive, String key) {
        if (!positive) {
            throw new IllegalArgumentException(key + " is more than 0");
        }
    }
}
