package io.headrace.protocol.cluster;

/**
 * Names a worker for as long as its disk tier lives: it is kept there, and outlives restarts and changes of address. 1 to
 * 64 of the characters {@code a-z 0-9 . -}; ordered as text.
 */
public record WorkerId(String value) implements Comparable<WorkerId> {
    public WorkerId {
        if (!value.matches("[a-z0-9.-]{1,64}")) {
            throw new IllegalArgumentException("not a worker id: \"" + value + "\"; write 1 to 64 of a-z 0-9 . -");
        }
    }

    @Override
    public int compareTo(WorkerId that) {
        return value.compareTo(that.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
