package io.headrace.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/** Halts the virtual machine, without shutdown hooks, the n-th time that one fault point is reached. */
final class HaltAt implements FaultPoints {
    private static final int SIGKILL_STATUS = 137;

    private final String wanted;
    private final AtomicInteger remaining;

    HaltAt(String wanted, int count) {
        this.wanted = wanted;
        this.remaining = new AtomicInteger(count);
    }

    @Override
    public void reach(String name) {
        if (name.equals(wanted) && remaining.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(SIGKILL_STATUS);
        }
    }
}
