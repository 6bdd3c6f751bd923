package io.headrace.cli.cluster;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.headrace.cli.control.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that was started before, maybe by another command.
 *
 * @param started when, as the system says; a process of the same number that started at another time is another one
 */
record LocalProcess(String name, long pid, Instant started) {
    private static final long LOOK_EVERY_MILLIS = 20;

    static LocalProcess of(String name, ProcessHandle handle) {
        return new LocalProcess(name, handle.pid(), handle.info().startInstant().orElse(Instant.EPOCH));
    }

    /** @throws IllegalArgumentException when the line is not one of {@link #line} */
    static LocalProcess parse(String line) {
        List<String> words = List.of(line.split(" ", -1));
        if (words.size() != 3) {
            throw new IllegalArgumentException("not a process: \"" + line + "\"");
        }
        return new LocalProcess(words.get(0), Long.parseLong(words.get(1)), Instant.parse(words.get(2)));
    }

    String line() {
        return name + " " + pid + " " + started;
    }

    boolean isRunning() {
        return handle().isPresent();
    }

    /** Asks it to end, as SIGTERM does. */
    void askToEnd() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** Asks it to end, and kills it when it has not after the time given. Returns whether it ended by itself. */
    boolean end(long seconds) throws InterruptedException {
        Optional<ProcessHandle> running = handle();
        if (running.isEmpty()) {
            return true;
        }
        ProcessHandle process = running.get();
        process.destroy();
        if (awaitEnd(seconds)) {
            return true;
        }
        process.destroyForcibly();
        awaitEnd(seconds);
        return false;
    }

    /** Looks, since a process that ended stays a zombie until its parent has looked, too. */
    @CanIgnoreReturnValue
    private boolean awaitEnd(long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (isRunning() && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return !isRunning();
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(process -> Instance.isRunning(Long.toString(pid)))
                .filter(process ->
                        process.info().startInstant().orElse(Instant.EPOCH).equals(started));
    }
}
