package io.headrace.protocol.credential;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files say, read again at each interval on a thread of its own. While they cannot be used (one of two is replaced and
 * the other not yet, say) what they said before stays, and the log says why, once. Thread-safe.
 *
 * @param <T> whose equals tells whether it changed
 */
public final class Reloaded<T> implements Supplier<T>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Duration interval;
    private final Reader<T> reader;
    private final Consumer<T> changed;
    private final Thread thread;
    private volatile T value;
    /** Of the thread alone. */
    private String lastFailure = "";

    /** Reads the files. */
    @FunctionalInterface
    public interface Reader<T> {
        T read() throws CredentialException;
    }

    private Reloaded(String name, Duration interval, Reader<T> reader, Consumer<T> changed) throws CredentialException {
        this.name = name;
        this.interval = interval;
        this.reader = reader;
        this.changed = changed;
        this.value = reader.read();
        this.thread = Thread.ofVirtual().name("reload-" + name).unstarted(this::run);
    }

    /**
     * Reads for the first time, and goes on reading until it is closed.
     *
     * @param name what it is, in the log
     * @param changed told of the first value and of each new one
     * @throws CredentialException when the files cannot be used at the start
     */
    public static <T> Reloaded<T> start(String name, Duration interval, Reader<T> reader, Consumer<T> changed)
            throws CredentialException {
        Reloaded<T> reloaded = new Reloaded<>(name, interval, reader, changed);
        changed.accept(reloaded.value);
        reloaded.thread.start();
        return reloaded;
    }

    @Override
    public T get() {
        return value;
    }

    // The thread's root: whatever goes wrong once, the files are looked at again.
    @SuppressWarnings("IllegalCatch")
    private void run() {
        while (true) {
            try {
                Thread.sleep(interval);
                look();
            } catch (InterruptedException closed) {
                return;
            } catch (CredentialException | RuntimeException e) {
                told(e);
            }
        }
    }

    private void look() throws CredentialException {
        T fresh = reader.read();
        lastFailure = "";
        if (!fresh.equals(value)) {
            changed.accept(fresh);
            value = fresh;
            LOG.info("the {} changed and is used from now on", name);
        }
    }

    private void told(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(lastFailure)) {
            lastFailure = message;
            LOG.warn("the {} of before is used on: {}", name, message);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(END_PATIENCE)) {
                LOG.warn("the thread that looks after the {} did not end in time; its disk hangs", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
