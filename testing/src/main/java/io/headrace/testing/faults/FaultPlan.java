package io.headrace.testing.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is to be tried. The same seed tries the same faults on the same parts in the same order.
 *
 * @param checkout the source tree
 * @param headrace the command to run
 * @param folder an empty folder; what processes say stays there
 * @param faults names of faults, in their order, once; empty for all in shuffled rounds until the time is over
 * @param slack what is added to each bound for a machine that others use, too
 */
public record FaultPlan(
        Path checkout,
        Path headrace,
        Path folder,
        long seed,
        int workers,
        List<String> faults,
        Duration length,
        Duration slack) {
    public FaultPlan {
        faults = List.copyOf(faults);
        if (workers < 2) {
            throw new IllegalArgumentException("of " + workers + " workers none can be missed; take at least 2");
        }
    }
}
