package io.headrace.cli.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a process has opened, in the order in which it was needed; closed in the reverse. Not thread-safe. */
public final class OpenParts implements AutoCloseable {
    private final Deque<Part> parts = new ArrayDeque<>();

    /** Something that was opened. */
    @FunctionalInterface
    public interface Part {
        void close() throws IOException;
    }

    public void add(Part part) {
        parts.push(part);
    }

    /** Closes all; of several failures the first is thrown. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
