package io.headrace.cli.process;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a process is to end: SIGTERM, SIGINT and SIGHUP ask for it, and it has a while for an orderly end before the JVM
 * halts.
 */
public final class ProcessEnd {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
    private static final Duration ORDERLY = Duration.ofSeconds(25);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private ProcessEnd() {}

    /** What serves until it is closed. */
    @FunctionalInterface
    public interface Start {
        Closeable start() throws IOException;
    }

    /** Starts, says so, and closes what was started when somebody asks for the end. */
    public static void serve(Start start, String greeting) throws IOException, InterruptedException {
        ProcessEnd end = new ProcessEnd();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("headrace-end").unstarted(end::signalled));
        try (Closeable _ = start.start()) {
            System.err.println(greeting);
            end.asked.await();
        } finally {
            end.ended.countDown();
        }
    }

    /** The JVM ends when this returns. */
    private void signalled() {
        asked.countDown();
        try {
            if (!ended.await(ORDERLY.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("not everything was closed within {}", ORDERLY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
