package io.headrace.testing.faults;

import java.time.Duration;

/**
 * What readers met while one fault lasted and was got over. Thread-safe.
 *
 * @see FaultReport
 */
final class Tally {
    private long operations;
    private long bytes;
    private long replaced;
    private long errors;
    private long wrong;
    private Duration longest = Duration.ZERO;
    private Duration oldest = Duration.ZERO;
    private String firstTrouble = "";

    synchronized void read(int length, Duration took) {
        operations++;
        bytes += length;
        took(took);
    }

    /** The version that was open is gone, which a reader is told. */
    synchronized void replaced(Duration took) {
        operations++;
        replaced++;
        took(took);
    }

    synchronized void error(String what, Duration took) {
        operations++;
        errors++;
        trouble(what);
        took(took);
    }

    synchronized void wrong(String what) {
        wrong++;
        trouble(what);
    }

    /** A name was answered with a version that had been replaced so long before. */
    synchronized void age(Duration age) {
        oldest = age.compareTo(oldest) > 0 ? age : oldest;
    }

    private void took(Duration took) {
        longest = took.compareTo(longest) > 0 ? took : longest;
    }

    private void trouble(String what) {
        firstTrouble = firstTrouble.isEmpty() ? what : firstTrouble;
    }

    synchronized FaultResult result(Fault fault, long originBytes, Duration oldestName, Duration slack) {
        return new FaultResult(
                fault.name(),
                operations,
                bytes,
                replaced,
                errors,
                wrong,
                longest,
                fault.longestStall().plus(slack),
                oldest,
                oldestName,
                originBytes,
                firstTrouble);
    }
}
