package io.headrace.testing.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that was started by us, in the foreground.
 *
 * @param log what it says, of this start alone
 */
public record ClusterProcess(String name, Process process, Path log) {
    private static final Duration END = Duration.ofSeconds(40);
    private static final long LOOK_EVERY_MILLIS = 50;

    public static ClusterProcess start(String name, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ClusterProcess(name, builder.start(), log);
    }

    public void signal(String signal) throws IOException, InterruptedException {
        signal(process.pid(), signal);
    }

    public static void signal(long pid, String signal) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("no process " + pid + " to send " + signal);
        }
    }

    public void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException(name + " did not end within " + END.toSeconds() + " s; its log is " + log);
        }
    }

    /** Waits until it has said so. */
    public void awaitSaid(String words, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!Files.readString(log).contains(words)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(name + (process.isAlive() ? " has not said" : " ended without saying") + " \""
                        + words + "\" within " + patience.toSeconds() + " s; it said:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
