package io.headrace.worker;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;

/** How files are loaded ahead of use. */
public record LoadSettings(
        @Setting(
                value = "Most large files that are loaded at a time; each is fetched by several requests.",
                defaultValue = "4")
        int parallelFiles,

        @Setting(
                value =
                        "Most small files (up to 8 MiB) that are loaded at a time. More helps an origin that answers late.",
                defaultValue = "16")
        int parallelSmallFiles,

        @Setting(value = "Most bytes a second that one load fetches; 0 for no limit.", defaultValue = "0")
        ByteSize maxBytesPerSecond) {
    public LoadSettings {
        if (parallelFiles < 1 || parallelSmallFiles < 1) {
            throw new IllegalArgumentException("load.parallel-files and load.parallel-small-files must be at least 1");
        }
    }

    public static LoadSettings defaults() {
        return new LoadSettings(4, 16, new ByteSize(0));
    }

    public LoadSettings withMaxBytesPerSecond(ByteSize rate) {
        return new LoadSettings(parallelFiles, parallelSmallFiles, rate);
    }
}
