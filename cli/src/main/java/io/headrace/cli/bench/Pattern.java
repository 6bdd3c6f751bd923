package io.headrace.cli.bench;

import java.util.Locale;

/** A way of reading; {@link BenchCommand} describes each to its user. */
enum Pattern {
    SEQUENTIAL,
    MMAP,
    RANDOM,
    SMALL;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
