package io.headrace.worker.job;

import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The memory in which tasks hold what they copy: so much in all, and who finds none waits. Thread-safe. */
final class PartBuffers {
    private static final int UNIT = 1 << 20;
    /** The largest part, and eight of the usual. */
    private static final int UNITS = 64;

    private static final long MOST_WAIT_MINUTES = 30;

    private final Semaphore free = new Semaphore(UNITS, true);

    /** Closing it gives the memory back. */
    record Held(ByteBuffer bytes, Semaphore free, int units) implements AutoCloseable {
        @Override
        public void close() {
            free.release(units);
        }
    }

    /** @throws OriginException.Unavailable when other tasks held it for too long */
    Held take(long bytes) throws IOException, InterruptedException {
        if (bytes > (long) UNITS * UNIT) {
            throw new IOException(
                    "a part of " + bytes + " bytes is more than this worker holds in memory, " + (long) UNITS * UNIT);
        }
        int units = Math.toIntExact((bytes + UNIT - 1) / UNIT);
        if (!free.tryAcquire(units, MOST_WAIT_MINUTES, TimeUnit.MINUTES)) {
            throw new OriginException.Unavailable("other copies held this worker's memory for " + MOST_WAIT_MINUTES
                    + " minutes. Look why they do not go on");
        }
        return new Held(ByteBuffer.allocate(Math.toIntExact(bytes)), free, units);
    }
}
