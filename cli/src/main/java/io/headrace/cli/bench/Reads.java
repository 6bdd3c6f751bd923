package io.headrace.cli.bench;

import java.io.IOException;
import java.nio.file.Path;

/** The reads of one thread, one after the other. */
interface Reads extends AutoCloseable {
    /** Does one read: the bytes that it gave, 0 when nothing is left to read. */
    int next() throws IOException;

    /** What was read last, for who tells of a failure. */
    Path path();

    @Override
    void close() throws IOException;
}
