package io.headrace.testing.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/**
 * Something that goes wrong in a cluster, and how it is put right.
 *
 * @param longestStall the longest that one open or read may take
 * @param namesMayAge the staleness bound does not hold, since who keeps it is away
 */
record Fault(String name, Duration hold, Duration longestStall, boolean namesMayAge, Step inject, Step recover) {
    /** {@code names.without-master}. */
    private static final Duration NAMES_WITHOUT_MASTER = Duration.ofMinutes(10);

    /** How long after its replacement a version may still be opened. */
    Duration oldestName(Duration staleness, Duration slack) {
        return namesMayAge ? NAMES_WITHOUT_MASTER : staleness.plus(slack);
    }

    @FunctionalInterface
    interface Step {
        void on(FaultCluster cluster, Random random) throws IOException, InterruptedException;
    }
}
