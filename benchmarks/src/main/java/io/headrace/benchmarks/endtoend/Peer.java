package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Path;

/** Another mount of the same objects. Closing unmounts. */
interface Peer extends AutoCloseable {
    String name();

    /** Mounts anew, with nothing cached by it or by the kernel; returns where. */
    Path mountCold() throws IOException, InterruptedException;

    @Override
    void close() throws IOException, InterruptedException;
}
