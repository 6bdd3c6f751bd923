package io.headrace.cli.doctor;

/**
 * What a check found.
 *
 * @param seen what is there, in a few words
 * @param fix what to do; empty when all is well
 */
record Finding(Verdict verdict, String seen, String fix) {
    Finding {
        if (verdict == Verdict.BROKEN && fix.isEmpty()) {
            throw new IllegalArgumentException("what is broken needs a fix: " + seen);
        }
    }

    static Finding good(String seen) {
        return new Finding(Verdict.GOOD, seen, "");
    }

    static Finding slow(String seen, String fix) {
        return new Finding(Verdict.SLOW, seen, fix);
    }

    static Finding broken(String seen, String fix) {
        return new Finding(Verdict.BROKEN, seen, fix);
    }
}
