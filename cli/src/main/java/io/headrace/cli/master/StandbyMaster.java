package io.headrace.cli.master;

import io.headrace.cli.settings.Settings;
import io.headrace.master.lead.LeaderLock;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.cluster.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A master that leads when no other does, on a thread of its own. Until then nobody can connect to it, so that clients go to the next
 * address of their list; its metrics and condition are there.
 */
final class StandbyMaster implements Closeable {
    private static final long TRY_EVERY_MILLIS = 1000;
    /** What opens takes a while to be closed, and the process is halted soon after. */
    private static final Duration END = Duration.ofSeconds(20);

    private final Settings settings;
    private final FaultPoints faults;
    private final Runnable askEnd;
    private final Thread thread;
    private final CountDownLatch ending = new CountDownLatch(1);
    /** Of the thread until it has ended, then of who closes, as the next. */
    private Optional<MasterNode> node = Optional.empty();

    private Optional<Throwable> failure = Optional.empty();

    private StandbyMaster(Settings settings, FaultPoints faults, Runnable askEnd) {
        this.settings = settings;
        this.faults = faults;
        this.askEnd = askEnd;
        thread = Thread.ofPlatform().name("headrace-standby").daemon().unstarted(this::run);
    }

    /**
     * @param askEnd called when it cannot lead; closing then says why
     * @throws IOException when it could never listen where it is to
     */
    static StandbyMaster start(Settings settings, FaultPoints faults, Runnable askEnd) throws IOException {
        requireFree(settings.master().listen());
        StandbyMaster standby = new StandbyMaster(settings, faults, askEnd);
        standby.thread.start();
        return standby;
    }

    /** Told now, and not when it is needed. */
    private static void requireFree(Endpoint listen) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(listen.host(), listen.port()));
        } catch (IOException e) {
            throw new IOException(
                    "the master will not be able to listen on " + listen + ": " + e.getMessage()
                            + "; is another process there, or is it no address of this machine?",
                    e);
        }
    }

    /** The thread's root: whatever fails ends the process. */
    private void run() {
        try {
            node = Optional.of(MasterNode.start(settings, faults, this::awaitTurn));
            System.err.println(
                    "The master leads, and listens on " + settings.master().listen() + ".");
        } catch (Throwable failed) {
            failure = Optional.of(failed);
            askEnd.run();
        }
    }

    private LeaderLock awaitTurn(Path directory, String who, Runnable waiting) throws IOException {
        Optional<LeaderLock> lock = LeaderLock.tryTake(directory, who);
        if (lock.isEmpty()) {
            waiting.run();
            System.err.println("Another master leads on " + directory + "; this one stands by.");
        }
        while (lock.isEmpty() && !isEndingAfter(TRY_EVERY_MILLIS)) {
            lock = LeaderLock.tryTake(directory, who);
        }
        return lock.orElseThrow(() -> new InterruptedIOException("this master ends while it stands by"));
    }

    private boolean isEndingAfter(long millis) {
        try {
            return ending.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** @throws IOException also when it could not lead */
    @Override
    public void close() throws IOException {
        ending.countDown();
        try {
            if (!thread.join(END)) {
                throw new IOException("the master was still opening what it needs " + END.toSeconds()
                        + " s after it was told to end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the master was closed");
        }
        if (node.isPresent()) {
            node.get().close();
        }
        throwFailure();
    }

    private void throwFailure() throws IOException {
        if (failure.isEmpty() || failure.get() instanceof InterruptedIOException) {
            return;
        }
        switch (failure.get()) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure.get());
        }
    }
}
