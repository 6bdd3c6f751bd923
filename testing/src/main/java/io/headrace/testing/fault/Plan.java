package io.headrace.testing.fault;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A fault, and how often it may still happen. */
record Plan(Optional<Fault> fault, AtomicInteger left) {
    static Plan none() {
        return new Plan(Optional.empty(), new AtomicInteger());
    }

    static Plan of(Fault fault, int answers) {
        return new Plan(Optional.of(fault), new AtomicInteger(answers));
    }

    /** Whether the fault happens once more. */
    boolean take() {
        return left.getAndUpdate(before -> Math.max(0, before - 1)) > 0;
    }
}
