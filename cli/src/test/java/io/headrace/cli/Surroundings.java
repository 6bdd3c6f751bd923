package io.headrace.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a command runs, and as whom.
 *
 * @param prefix what is put before the command line
 * @param mountInfo the mounts that the command sees, as in proc(5)
 */
record Surroundings(List<String> prefix, Path mountInfo) {
    /** The machine as it is, as the user of the tests. */
    static final Surroundings MACHINE = new Surroundings(List.of(), Path.of("/proc/self/mountinfo"));

    /** The same, through one more program that runs a command. */
    Surroundings with(String... program) {
        List<String> longer = new ArrayList<>(prefix);
        longer.addAll(List.of(program));
        return new Surroundings(longer, mountInfo);
    }
}
