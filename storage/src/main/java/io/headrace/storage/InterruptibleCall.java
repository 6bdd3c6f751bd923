package io.headrace.storage;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * One call that waits on a socket, where an interrupt ends nothing by itself on a platform thread. Borrows the JDK's
 * means for channels: an interrupt of the calling thread, before or during the call, aborts what it waits for.
 */
public final class InterruptibleCall extends AbstractInterruptibleChannel {
    private final Runnable abort;

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
        InterruptibleCall call = new InterruptibleCall(abort);
        boolean completed = false;
        try {
            call.begin();
            T result = waiting.call();
            completed = true;
            return result;
        } finally {
            call.end(completed);
        }
    }

    @Override
    protected void implCloseChannel() {
        abort.run();
    }
}
