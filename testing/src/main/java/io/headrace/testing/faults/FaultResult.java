package io.headrace.testing.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one fault did to readers.
 *
 * @param replaced reads that were told that the version is gone, as promised
 * @param wrong reads with a byte that is not the version's, and names with a version that never was
 * @param longest the longest single open or read
 * @param oldest how long the oldest version that a name was answered with had been replaced
 * @param firstTrouble empty when there was none
 */
record FaultResult(
        String fault,
        long operations,
        long bytes,
        long replaced,
        long errors,
        long wrong,
        Duration longest,
        Duration longestAllowed,
        Duration oldest,
        Duration oldestAllowed,
        long originBytes,
        String firstTrouble) {

    /** What is not as promised. */
    List<String> broken() {
        List<String> broken = new ArrayList<>();
        if (operations == 0) {
            broken.add(fault + ": nothing was read");
        }
        if (wrong > 0) {
            broken.add(fault + ": " + wrong + " wrong: " + firstTrouble);
        }
        if (errors > 0) {
            broken.add(fault + ": " + errors + " errors: " + firstTrouble);
        }
        if (longest.compareTo(longestAllowed) > 0) {
            broken.add(fault + ": a stall of " + longest.toMillis() + " ms, allowed " + longestAllowed.toMillis());
        }
        if (oldest.compareTo(oldestAllowed) > 0) {
            broken.add(fault + ": a version replaced " + oldest.toMillis() + " ms before, allowed "
                    + oldestAllowed.toMillis());
        }
        return broken;
    }

    static String heading() {
        return String.format(
                "%-22s %8s %8s %8s %6s %5s %9s %9s %9s %10s",
                "fault",
                "reads",
                "MiB",
                "replaced",
                "errors",
                "wrong",
                "stall ms",
                "allowed",
                "oldest ms",
                "origin MiB");
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-22s %8d %8d %8d %6d %5d %9d %9d %9d %10d",
                fault,
                operations,
                bytes >> 20,
                replaced,
                errors,
                wrong,
                longest.toMillis(),
                longestAllowed.toMillis(),
                oldest.toMillis(),
                originBytes >> 20);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"fault\":\"%s\",\"operations\":%d,\"bytes\":%d,\"replaced\":%d,\"errors\":%d,\"wrong\":%d,"
                        + "\"longestMillis\":%d,\"longestAllowedMillis\":%d,\"oldestMillis\":%d,\"originBytes\":%d}",
                fault,
                operations,
                bytes,
                replaced,
                errors,
                wrong,
                longest.toMillis(),
                longestAllowed.toMillis(),
                oldest.toMillis(),
                originBytes);
    }
}
