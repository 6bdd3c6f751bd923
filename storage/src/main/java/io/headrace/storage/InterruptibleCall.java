package io.headrace.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One call that waits on a socket, where an interrupt ends nothing by itself on a platform thread. Borrows the JDK's
 * means for channels: an interrupt of the calling thread, before or during the call, aborts what it waits for.
 */
public final class InterruptibleCall extends AbstractInterruptibleChannel {
    private final Runnable abort;
    private volatile boolean expired;

    private InterruptibleCall(Runnable abort) {
        this.abort = abort;
    }

    /** What is called; it throws unchecked exceptions and {@link IOException}. */
    @FunctionalInterface
    public interface Waiting<T> {
        T call() throws IOException;
    }

    /**
     * @param abort ends the call, from the interrupting thread; it may come as the call ends by itself
     * @throws ClosedByInterruptException when the calling thread is interrupted, whatever the call gave; the thread's
     *     interrupt status stays set
     */
    public static <T> T of(Waiting<T> waiting, Runnable abort) throws IOException {
        return new InterruptibleCall(abort).run(waiting);
    }

    /**
     * As {@link #of}, and the call is aborted when it has taken so long in all. The timeout of a socket does not see to
     * that: it begins anew with each byte.
     *
     * @throws IOException also when the time was over; {@link ConnectionFailures} has the words for it
     */
    public static <T> T within(Duration limit, Waiting<T> waiting, Runnable abort) throws IOException {
        InterruptibleCall call = new InterruptibleCall(abort);
        CompletableFuture<Void> timer =
                new CompletableFuture<Void>().completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
        // On a thread of its own: ending a TLS connection can wait.
        CompletableFuture<Void> _ = timer.thenRunAsync(
                call::expire,
                end -> Thread.ofVirtual().name("headrace-answer-timeout").start(end));
        try {
            return call.run(waiting);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (AsynchronousCloseException aborted) {
            throw call.expired ? new SlowAnswerException(limit) : aborted;
        } finally {
            timer.cancel(false);
        }
    }

    private <T> T run(Waiting<T> waiting) throws IOException {
        boolean completed = false;
        try {
            begin();
            T result = waiting.call();
            completed = true;
            return result;
        } finally {
            end(completed);
        }
    }

    private void expire() {
        expired = true;
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void implCloseChannel() {
        abort.run();
    }
}
