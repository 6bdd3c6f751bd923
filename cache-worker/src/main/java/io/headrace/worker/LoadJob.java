package io.headrace.worker;

import io.headrace.worker.FileSelection.FileCursor;
import io.headrace.worker.LoadProgress.State;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One load, running. Thread-safe.
 *
 * <p>Three walks of the selection: the first counts, at the catalog's speed, while the second feeds two lanes, large
 * files a few at a time and small ones many at a time, through bounded queues; the third, after both lanes are empty,
 * looks whether every byte is cached, because early files may have been evicted to make room for late ones. So memory
 * does not grow with the selection, and "complete" is what was seen, not what was asked for.
 */
public final class LoadJob {
    private static final Logger LOG = LoggerFactory.getLogger(LoadJob.class);

    /** Files up to this size wait more for the origin's answer than for its bytes. */
    static final long SMALL_FILE_BYTES = 8 << 20;

    private final FileSelection selection;
    private final FileTransfer transfer;
    private final LoadTally tally;
    private final LoadLane large;
    private final LoadLane small;
    private final Thread counter;
    private final Thread feeder;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean cancelled;

    LoadJob(FileSelection selection, FileTransfer transfer, LoadTally tally, LoadSettings settings) {
        this.selection = selection;
        this.transfer = transfer;
        this.tally = tally;
        this.large = new LoadLane("headrace-load-", settings.parallelFiles());
        this.small = new LoadLane("headrace-load-small-", settings.parallelSmallFiles());
        this.counter = thread("headrace-load-count").newThread(this::count);
        this.feeder = thread("headrace-load-walk").newThread(this::run);
    }

    void start() {
        counter.start();
        feeder.start();
    }

    public LoadProgress progress() {
        return tally.progress();
    }

    /** Stops it soon; returns at once. What is cached stays. No effect when it has ended. */
    public void cancel() {
        cancelled = true;
        feeder.interrupt();
        counter.interrupt();
        large.interrupt();
        small.interrupt();
    }

    /** Waits for its end, complete or not; false when that did not come in time. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void count() {
        try (FileCursor files = selection.open()) {
            Optional<SelectedFile> file = files.next();
            while (file.isPresent() && !cancelled) {
                tally.counted(file.get().entry().version().lengthBytes());
                file = files.next();
            }
        } catch (IOException e) {
            LOG.debug("counting failed; the walk that loads reports it", e);
        } finally {
            tally.countingEnded();
        }
    }

    private void run() {
        State state = State.INCOMPLETE;
        try {
            feed();
            large.drain();
            small.drain();
            counter.join();
            verify();
            state = tally.hasFailures() ? State.INCOMPLETE : State.COMPLETE;
        } catch (IOException e) {
            tally.failed("", "the files could not be listed: " + e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("the load was cancelled");
        } finally {
            large.close();
            small.close();
            tally.ended(cancelled && state != State.COMPLETE ? State.CANCELLED : state);
            ended.countDown();
        }
    }

    private void feed() throws IOException, InterruptedException {
        try (FileCursor files = selection.open()) {
            Optional<SelectedFile> next = files.next();
            while (next.isPresent()) {
                SelectedFile file = next.get();
                boolean isSmall = file.entry().version().lengthBytes() <= SMALL_FILE_BYTES;
                (isSmall ? small : large).put(() -> transfer.load(file));
                next = files.next();
            }
        }
    }

    private void verify() throws IOException, InterruptedException {
        try (FileCursor files = selection.open()) {
            Optional<SelectedFile> next = files.next();
            while (next.isPresent()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!transfer.isCached(next.get())) {
                    tally.failed(
                            next.get().path(),
                            "not cached any more, or replaced meanwhile: load again, or give the cache more room");
                }
                next = files.next();
            }
        }
    }

    private static ThreadFactory thread(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }
}
