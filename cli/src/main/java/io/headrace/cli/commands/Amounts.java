package io.headrace.cli.commands;

import io.headrace.protocol.ByteSize;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Figures as people read them. */
public final class Amounts {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Amounts() {}

    public static String bytes(long bytes) {
        return new ByteSize(Math.max(0, bytes)).toString();
    }

    public static String time(long unixMillis) {
        return unixMillis == 0 ? "never" : TIME.format(Instant.ofEpochMilli(unixMillis));
    }

    public static String duration(long millis) {
        Duration duration = Duration.ofMillis(millis);
        return duration.toHours() > 0
                ? "%dh%02dm".formatted(duration.toHours(), duration.toMinutesPart())
                : "%dm%02ds".formatted(duration.toMinutes(), duration.toSecondsPart());
    }

    public static String percent(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.0f%%", Math.floor(100.0 * part / whole));
    }
}
