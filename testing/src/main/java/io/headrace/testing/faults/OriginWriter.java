package io.headrace.testing.faults;

import io.headrace.testing.origin.OriginHost;
import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Replaces a file of the origin by its next version, again and again. */
final class OriginWriter implements AutoCloseable {
    private static final long PAUSE_MILLIS = 700;
    private static final Duration END_PATIENCE = Duration.ofSeconds(30);

    private final Thread thread;
    private volatile boolean ending;
    private volatile String failure = "";

    OriginWriter(OriginHost origin, VersionedFiles files, VersionHistory history) {
        this.thread = Thread.ofVirtual().name("fault-writer").start(() -> write(origin, files, history));
    }

    private void write(OriginHost origin, VersionedFiles files, VersionHistory history) {
        Random random = new Random(files.seed());
        try {
            while (!ending) {
                int file = random.nextInt(files.count());
                history.replacing(file);
                origin.replace(file);
                history.replaced(file, System.nanoTime());
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            failure = "the origin's writer failed: " + e;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty while it writes. */
    String failure() {
        return failure;
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        boolean _ = thread.join(END_PATIENCE);
    }
}
