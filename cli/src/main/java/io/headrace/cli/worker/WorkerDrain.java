package io.headrace.cli.worker;

import io.headrace.worker.cluster.Registration;
import io.headrace.worker.drain.Drain;
import io.headrace.worker.drain.DrainSettings;
import io.headrace.worker.drain.HandOverTally;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When a worker's process drains: at its end, if settings or the master want that, and the master's wish ends it. */
final class WorkerDrain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerDrain.class);

    private final DrainSettings settings;
    private final Registration registration;
    private final Drain drain;
    private final HandOverTally tally;
    private volatile Thread watch = Thread.ofVirtual().unstarted(() -> {});

    WorkerDrain(DrainSettings settings, Registration registration, Drain drain, HandOverTally tally) {
        this.settings = settings;
        this.registration = registration;
        this.drain = drain;
        this.tally = tally;
    }

    /** Calls {@code askEnd} when the master says that the worker is to drain. */
    void watch(Runnable askEnd) {
        watch = Thread.ofVirtual().name("drain-wanted").start(() -> {
            try {
                registration.awaitDrainWanted();
                LOG.info("this worker was asked to drain, and ends then");
                askEnd.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Hands over, if that is wanted; whatever goes wrong, the worker may end then. */
    void beforeEnd() {
        boolean asked = registration.isDrainWanted();
        if (!asked && !settings.onStop()) {
            return;
        }
        Duration patience = asked ? settings.askedDeadline() : settings.stopDeadline();
        try {
            String end = switch (drain.run(patience)) {
                case DONE -> "the worker has drained: " + tally;
                case INCOMPLETE ->
                    "the worker has not drained within " + patience.toSeconds()
                            + " s, or no other is left to take its blocks: " + tally;
                case NOBODY_ELSE -> "no other worker is there to take the blocks; they stay for the next start";
                case NO_MASTER -> "the master does not answer; the blocks stay for the next start";
            };
            LOG.info("{}", end);
        } catch (IOException e) {
            LOG.warn("draining failed, and the worker ends without: {}", tally, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
