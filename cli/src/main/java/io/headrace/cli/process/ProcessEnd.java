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
    private final Duration orderly;

    private ProcessEnd(Duration orderly) {
        this.orderly = orderly;
    }

    /** What serves until it is closed. */
    @FunctionalInterface
    public interface Start {
        Closeable start() throws IOException;
    }

    /** What may ask for its end by itself. */
    @FunctionalInterface
    public interface EndingStart {
        /** @param askEnd does what SIGTERM does; returns at once */
        Closeable start(Runnable askEnd) throws IOException;
    }

    /** Starts, says so, and closes what was started when somebody asks for the end. */
    public static void serve(Start start, String greeting) throws IOException, InterruptedException {
        serve(_ -> start.start(), greeting, Duration.ZERO);
    }

    /**
     * As {@link #serve(Start, String)}.
     *
     * @param more how much longer than usual an orderly end may take
     */
    public static void serve(EndingStart start, String greeting, Duration more)
            throws IOException, InterruptedException {
        ProcessEnd end = new ProcessEnd(ORDERLY.plus(more));
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("headrace-end").unstarted(end::signalled));
        try (Closeable _ = start.start(end.asked::countDown)) {
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
            if (!ended.await(orderly.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("not everything was closed within {}", orderly);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
