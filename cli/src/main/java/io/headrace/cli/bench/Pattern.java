package io.headrace.cli.bench;

import java.util.Locale;

/** A way of reading. */
enum Pattern {
    SEQUENTIAL("1 MiB reads, from the beginning of each file to its end"),
    MMAP("each file is mapped, and its pages are copied out in order, as model loaders do"),
    RANDOM("4 KiB reads at random places"),
    SMALL("files of up to 1 MiB: open, read whole, close");

    private final String meaning;

    Pattern(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
