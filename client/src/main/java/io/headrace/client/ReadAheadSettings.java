package io.headrace.client;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;

/** How much is fetched before it is asked for. */
public record ReadAheadSettings(
        @Setting(value = "Whether anything is fetched before it is asked for.", defaultValue = "true")
        boolean enabled,

        @Setting(value = "What a new stream is given ahead; it doubles as the stream goes on.", defaultValue = "2MiB")
        ByteSize firstWindow,

        @Setting(
                value = "Most bytes ahead of one stream. Enough is the origin's bandwidth times its latency.",
                defaultValue = "128MiB")
        ByteSize mostWindow,

        @Setting(value = "Most bytes ahead of all streams of a file together.", defaultValue = "512MiB")
        ByteSize mostOutstanding,

        @Setting(value = "Files up to this size are fetched whole at their first read.", defaultValue = "4MiB")
        ByteSize wholeFileUpTo,

        @Setting(
                value = "So many small files missed in one directory make it fetched whole; 0 for never.",
                defaultValue = "2")
        int siblingMisses,

        @Setting(
                value =
                        "Whether readers who jump about a file of unknown format get little more from the origin than they"
                                + " ask for, instead of whole blocks.",
                defaultValue = "true")
        boolean exactRanges) {
    public ReadAheadSettings {
        if (firstWindow.bytes() < 1
                || mostWindow.compareTo(firstWindow) < 0
                || mostOutstanding.bytes() < 2 * mostWindow.bytes()
                || siblingMisses < 0) {
            throw new IllegalArgumentException(
                    "read-ahead.first-window, most-window and most-outstanding must rise from"
                            + " one to the next, above 0, and sibling-misses must not be negative: " + firstWindow
                            + ", "
                            + mostWindow + ", " + mostOutstanding + ", " + siblingMisses);
        }
    }

    public static ReadAheadSettings defaults() {
        return new ReadAheadSettings(
                true,
                ByteSize.ofMebibytes(2),
                ByteSize.ofMebibytes(128),
                ByteSize.ofMebibytes(512),
                ByteSize.ofMebibytes(4),
                2,
                true);
    }

    public ReadAheadSettings withoutExactRanges() {
        return new ReadAheadSettings(
                enabled, firstWindow, mostWindow, mostOutstanding, wholeFileUpTo, siblingMisses, false);
    }

    public ReadAheadSettings disabled() {
        return new ReadAheadSettings(
                false, firstWindow, mostWindow, mostOutstanding, wholeFileUpTo, siblingMisses, exactRanges);
    }
}
