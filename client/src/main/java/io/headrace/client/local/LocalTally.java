package io.headrace.client.local;

import java.util.concurrent.atomic.LongAdder;

/** How reading past the network went, since the start. Thread-safe. */
public final class LocalTally {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder questions = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder absent = new LongAdder();
    private final LongAdder failures = new LongAdder();

    LocalTally() {}

    /** Bytes that were read by descriptors. */
    public long bytes() {
        return bytes.sum();
    }

    /** Questions put to workers of this machine. */
    public long questions() {
        return questions.sum();
    }

    /** Descriptors that were received. */
    public long opened() {
        return opened.sum();
    }

    /** Questions whose block the worker did not have, or did not lend. */
    public long absent() {
        return absent.sum();
    }

    /** Connections, leases and reads that failed; the network was used instead. */
    public long failures() {
        return failures.sum();
    }

    void read(int count) {
        bytes.add(count);
    }

    void asked() {
        questions.increment();
    }

    void opening() {
        opened.increment();
    }

    void notHere() {
        absent.increment();
    }

    void failed() {
        failures.increment();
    }
}
