package io.headrace.cli.daemon;

import java.util.Locale;

/** An option's {@code on} or {@code off}. */
enum Switch {
    ON,
    OFF;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
