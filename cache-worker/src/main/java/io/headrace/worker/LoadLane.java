package io.headrace.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Some threads behind a bounded queue. */
final class LoadLane implements AutoCloseable {
    private static final int QUEUED = 1024;
    private static final long DRAIN_ROUND_SECONDS = 60;

    private final ExecutorService threads;
    private final Semaphore room = new Semaphore(QUEUED);

    LoadLane(String name, int parallel) {
        this.threads = Executors.newFixedThreadPool(
                parallel, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /** Waits for room, which comes as files end: each is bounded by its source's deadlines. */
    void put(Runnable task) throws InterruptedException {
        room.acquire();
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    room.release();
                }
            });
        } catch (RejectedExecutionException e) {
            throw new InterruptedException("the lane was closed");
        }
    }

    /** Waits until everything that was put is done; nothing can be put any more. */
    void drain() throws InterruptedException {
        threads.shutdown();
        boolean empty = false;
        while (!empty) {
            empty = threads.awaitTermination(DRAIN_ROUND_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Interrupts what runs and drops what waits. */
    void interrupt() {
        threads.shutdownNow();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
